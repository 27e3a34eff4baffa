/** The PostgreSQL role that runs what clients of the Data Observatory write in SQL, and the views that it may read. */
import { quoteIdentifier } from "../SqlText.ts"
import { stateSchema } from "../sql/state.ts"
import { content, geometryColumn } from "./content.ts"
import { type Dataset, datasets, type Entity, entities, geographies, slugOf } from "./entities.ts"

/** Reads the user's datasets, and the data that is subscribed to. */
export const observatoryRole = "carto_observatory"

export const makeRole = `do $$
begin
  if not exists (select from pg_roles where rolname = '${observatoryRole}') then
    create role ${observatoryRole} nologin;
  end if;
end $$;
grant usage on schema ${stateSchema} to ${observatoryRole}`

const view = (name: string): string => `${stateSchema}.${quoteIdentifier(name)}`

/** The rows of what is offered, as they stand in a query. */
export const viewOf = ({ id }: Entity): string => view(slugOf(id))

/** A dataset's rows with their places beside them. */
export const placedViewOf = ({ id }: Dataset): string => view(`${slugOf(id)}_places`)

export const geographyOf = (dataset: Dataset) => {
  const found = geographies.find(({ id }) => id === dataset.geography)
  if (found === undefined) throw new Error(`the geography of ${dataset.id} is missing`)
  return found
}

const placed = (dataset: Dataset): string =>
  `select d.*, g.${geometryColumn} from ${viewOf(dataset)} d join ${viewOf(geographyOf(dataset))} g using (geoid)`

const views: ReadonlyArray<readonly [name: string, query: string]> = [
  ...entities.map((entity) => [viewOf(entity), content(entity)] as const),
  ...datasets.map((dataset) => [placedViewOf(dataset), placed(dataset)] as const)
]

/** Anew at each start: another version may offer others. */
export const makeViews = [
  ...views.toReversed().map(([name]) => `drop view if exists ${name}`),
  ...views.map(([name, query]) => `create view ${name} as ${query}`)
].join(";\n")

/** Gives the role what is subscribed to, and nothing else; a dataset comes with its geography. */
export const grantRows = (active: ReadonlySet<string>): string => {
  const readable = new Set([
    ...entities.filter(({ id }) => active.has(id)).map(viewOf),
    ...datasets
      .filter(({ id }) => active.has(id))
      .flatMap((dataset) => [placedViewOf(dataset), viewOf(geographyOf(dataset))])
  ])
  return views
    .map(([name]) =>
      readable.has(name)
        ? `grant select on ${name} to ${observatoryRole}`
        : `revoke all on ${name} from ${observatoryRole}`
    )
    .join(";\n")
}
