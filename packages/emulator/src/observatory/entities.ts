/** What the Data Observatory of this machine offers: datasets, and the geographies that say where their rows are. */
import { createHash } from "node:crypto"
import type { Column } from "./columnTypes.ts"
import { maltaIslands, states } from "./smallStates.ts"

/** How values of several rows become one. */
export const methods = ["SUM", "AVG", "MIN", "MAX", "COUNT"] as const
export type Method = (typeof methods)[number]

/** A column of a dataset: a variable. */
export interface Variable extends Column {
  readonly description: string
  /** Of its own; a name has none. */
  readonly method: Method | null
  readonly group: string | null
}

interface Common {
  /** `project.dataset.table` */
  readonly id: string
  readonly name: string
  readonly description: string
  /** ISO 3166-1 alpha-3 in lower case, or `glo` for several. */
  readonly country: string
  /** Of public data the subscription is active at once; other data is requested. */
  readonly isPublic: boolean
  readonly rows: ReadonlyArray<ReadonlyArray<string | number>>
}

export interface Geography extends Common {
  readonly type: "geography"
  readonly geometry: "POINT" | "MULTIPOLYGON"
}

export interface Dataset extends Common {
  readonly type: "dataset"
  readonly category: string
  /** The geography's id; rows of both meet in `geoid`. */
  readonly geography: string
  readonly variables: ReadonlyArray<Variable>
}

export type Entity = Geography | Dataset

export const entityTypes = ["dataset", "geography"] as const

/** What rows of a dataset and of its geography meet in. */
export const geoid: Variable = {
  name: "geoid",
  type: "STRING",
  description: "Code of the place",
  method: null,
  group: null
}
export const name: Variable = {
  name: "name",
  type: "STRING",
  description: "Name of the place",
  method: null,
  group: null
}
const area: Variable = {
  name: "area",
  type: "INTEGER",
  description: "Area in square kilometres",
  method: "SUM",
  group: "size"
}
const population: Variable = {
  name: "population",
  type: "INTEGER",
  description: "Inhabitants, to the nearest thousand",
  method: "SUM",
  group: "size"
}
const density: Variable = {
  name: "density",
  type: "FLOAT",
  description: "Inhabitants of a square kilometre",
  method: "AVG",
  group: null
}
const capital: Variable = {
  name: "capital",
  type: "STRING",
  description: "Name of the capital",
  method: null,
  group: null
}

export const geographies: ReadonlyArray<Geography> = [
  {
    id: "carto-do-public-data.local.small_states_outlines",
    type: "geography",
    name: "Small states, outlines",
    description: "Rough outlines of the smallest states of Europe",
    country: "glo",
    isPublic: true,
    geometry: "MULTIPOLYGON",
    rows: states.map(({ code, name, outline }) => [code, name, outline])
  },
  {
    id: "carto-do-public-data.local.small_states_points",
    type: "geography",
    name: "Small states, capitals",
    description: "The capitals of the smallest states of Europe",
    country: "glo",
    isPublic: true,
    geometry: "POINT",
    rows: states.map(({ code, name, place }) => [code, name, `POINT(${place.join(" ")})`])
  },
  {
    id: "carto-do-public-data.local.malta_islands",
    type: "geography",
    name: "Islands of Malta",
    description: "Rough outlines of the inhabited islands of Malta",
    country: "mlt",
    isPublic: true,
    geometry: "MULTIPOLYGON",
    rows: maltaIslands.map(({ code, name, outline }) => [code, name, outline])
  }
]

export const datasets: ReadonlyArray<Dataset> = [
  {
    id: "carto-do-public-data.local.small_states",
    type: "dataset",
    name: "Small states",
    description: "Areas and inhabitants of the smallest states of Europe",
    country: "glo",
    category: "demographics",
    geography: "carto-do-public-data.local.small_states_outlines",
    isPublic: true,
    variables: [geoid, name, area, population],
    rows: states.map(({ area, code, name, thousands }) => [code, name, area, thousands * 1000])
  },
  {
    id: "carto-do-public-data.local.capitals",
    type: "dataset",
    name: "Capitals of small states",
    description: "The capitals of the smallest states of Europe, as points",
    country: "glo",
    category: "points_of_interest",
    geography: "carto-do-public-data.local.small_states_points",
    isPublic: true,
    variables: [geoid, capital],
    rows: states.map(({ capital, code }) => [code, capital])
  },
  {
    id: "carto-do-public-data.local.malta_population",
    type: "dataset",
    name: "Population of Malta",
    description: "Areas and inhabitants of the islands of Malta",
    country: "mlt",
    category: "demographics",
    geography: "carto-do-public-data.local.malta_islands",
    isPublic: true,
    variables: [geoid, name, area, population],
    rows: maltaIslands.map(({ area, code, name, thousands }) => [code, name, area, thousands * 1000])
  },
  {
    id: "carto-do.local.small_states",
    type: "dataset",
    name: "Small states, premium",
    description: "What is public of the smallest states of Europe, and how densely they are populated",
    country: "glo",
    category: "demographics",
    geography: "carto-do-public-data.local.small_states_outlines",
    isPublic: false,
    variables: [geoid, name, area, population, density],
    rows: states.map(({ area, code, name, thousands }) => [
      code,
      name,
      area,
      thousands * 1000,
      (thousands * 1000) / area
    ])
  }
]

export const entities: ReadonlyArray<Entity> = [...datasets, ...geographies]

/** What stands for an id in short: its last word, and a hash. */
export const slugOf = (id: string): string =>
  `${id.slice(id.lastIndexOf(".") + 1, id.lastIndexOf(".") + 16)}_${createHash("sha256").update(id).digest("hex").slice(0, 8)}`

/** Whether a text is an id or its slug. */
export const means = (text: string, id: string): boolean => text === id || text === slugOf(id)

/** How long it takes until data that was ordered is there. */
export const deliveryDays = 3

/** The terms of a subscription, of which there are none here. */
export const info = ({ id, isPublic, type }: Entity) => ({
  id,
  estimated_delivery_days: isPublic ? 0 : deliveryDays,
  subscription_list_price: 0,
  tos: null,
  tos_link: null,
  licenses: null,
  licenses_link: null,
  rights: null,
  type
})
