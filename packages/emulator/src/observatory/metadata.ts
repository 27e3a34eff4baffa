/** The public catalog: who offers what, about where (platform reference, §16.2, which tells the entities only). */
import * as Predicate from "effect/Predicate"
import { type Dataset, datasets, type Geography, geographies, means, slugOf, type Variable } from "./entities.ts"

/** The members are those that CARTO's clients know; what they do not read is not here. */
interface Item {
  readonly id: string
  readonly [member: string]: unknown
}

const names: Readonly<Record<string, string>> = {
  glo: "Global",
  mlt: "Malta",
  demographics: "Demographics",
  points_of_interest: "Points of Interest",
  local: "The emulator's own"
}

const named = (id: string): Item => ({ id, name: names[id] ?? id })

const providerOf = ({ id }: Dataset | Geography): string => id.split(".")[1] ?? ""

const common = (entity: Dataset | Geography) => ({
  id: entity.id,
  slug: slugOf(entity.id),
  name: entity.name,
  description: entity.description,
  provider_id: providerOf(entity),
  provider_name: named(providerOf(entity)).name,
  country_id: entity.country,
  lang: "eng",
  update_frequency: null,
  is_public_data: entity.isPublic,
  version: "1",
  available_in: ["carto"],
  summary_json: null
})

const geography = (entity: Geography): Item => ({ ...common(entity), geom_type: entity.geometry, geom_coverage: null })

const dataset = (entity: Dataset): Item => {
  const place = geographies.find(({ id }) => id === entity.geography)
  return {
    ...common(entity),
    category_id: entity.category,
    category_name: named(entity.category).name,
    data_source_id: null,
    geography_id: entity.geography,
    geography_name: place?.name,
    geography_description: place?.description,
    temporal_aggregation: "yearly",
    time_coverage: null
  }
}

/** A variable's id, `project.dataset.table.column`. */
export const variableId = (dataset: Dataset, { name }: Variable): string => `${dataset.id}.${name}`

const variablesOf = (dataset: Dataset): ReadonlyArray<Item> =>
  dataset.variables.map((variable) => ({
    id: variableId(dataset, variable),
    slug: slugOf(variableId(dataset, variable)),
    name: variable.name,
    description: variable.description,
    column_name: variable.name,
    db_type: variable.type,
    dataset_id: dataset.id,
    agg_method: variable.method,
    variable_group_id: variable.group === null ? null : `${dataset.id}.${variable.group}`,
    starred: false,
    summary_json: null
  }))

const groupsOf = (dataset: Dataset): ReadonlyArray<Item> =>
  [...new Set(dataset.variables.flatMap(({ group }) => group ?? []))].map((group) => {
    const id = `${dataset.id}.${group}`
    return { id, slug: slugOf(id), name: group, dataset_id: dataset.id, starred: false }
  })

/** What a dataset has of each entity: lists are of what some dataset has. */
const of = {
  countries: ({ country }: Dataset) => [named(country)],
  categories: ({ category }: Dataset) => [named(category)],
  providers: (one: Dataset) => [named(providerOf(one))],
  datasets: (one: Dataset) => [dataset(one)],
  geographies: (one: Dataset) => geographies.filter(({ id }) => id === one.geography).map(geography),
  variables: variablesOf,
  variables_groups: groupsOf
} as const

export type MetadataEntity = keyof typeof of

export const isMetadataEntity = (word: string): word is MetadataEntity => Object.hasOwn(of, word)

/** The reference tells only that there are filters. Which ones is the emulator's choice: what an item belongs to. */
const entityOf = {
  country: "countries",
  category: "categories",
  provider: "providers",
  dataset: "datasets",
  geography: "geographies",
  variable: "variables",
  variable_group: "variables_groups"
} as const

export type Filter = keyof typeof entityOf

export const filters = Object.keys(entityOf)

export const isFilter = (word: string): word is Filter => Object.hasOwn(entityOf, word)

/** Ids or slugs by filter, one of which has to be met. */
export type Filters = ReadonlyMap<Filter, ReadonlyArray<string>>

const isOneOf = (wanted: ReadonlyArray<string>, id: string): boolean => wanted.some((text) => means(text, id))

const hasAll = (one: Dataset, asked: Filters): boolean =>
  [...asked].every(([filter, wanted]) => of[entityOf[filter]](one).some(({ id }) => isOneOf(wanted, id)))

/** Of a dataset that meets the filters an item may still belong elsewhere, as a variable to another group. */
const isMeant = (entity: MetadataEntity, item: Item, asked: Filters): boolean =>
  [...asked].every(([filter, wanted]) => {
    const id = entityOf[filter] === entity ? item.id : item[`${filter}_id`]
    return id === undefined || (Predicate.isString(id) && isOneOf(wanted, id))
  })

/** In the order of their ids. */
export const list = (entity: MetadataEntity, asked: Filters): ReadonlyArray<Item> => {
  const found = datasets
    .filter((one) => hasAll(one, asked))
    .flatMap((one): ReadonlyArray<Item> => of[entity](one))
    .filter((item) => isMeant(entity, item, asked))
  const items = new Map(found.map((item) => [item.id, item]))
  return [...items.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** One of them, by id or slug. */
export const find = (entity: MetadataEntity, idOrSlug: string): Item | undefined =>
  list(entity, new Map()).find(({ id }) => means(idOrSlug, id))
