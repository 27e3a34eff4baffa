/** The PostgreSQL roles that run what clients of the Data Observatory write in SQL, and the views that they may read. */
import { createHash } from "node:crypto"
import { quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import { stateSchema } from "../sql/state.ts"
import { content, geometryColumn } from "./content.ts"
import { type Dataset, datasets, type Entity, entities, geographies } from "./entities.ts"

const prefix = "carto_observatory_"

/**
 * Of each account one; it owns the account's datasets, and reads the data that is subscribed to. The hash is one that
 * SQL makes, too.
 */
export const observatoryRole = (user: string): string => `${prefix}${createHash("md5").update(user).digest("hex")}`

export const makeRole = (role: string): string => `do $$
begin
  if not exists (select from pg_roles where rolname = ${quoteLiteral(role)}) then
    create role ${quoteIdentifier(role)} nologin;
  end if;
end $$;
grant usage on schema ${stateSchema} to ${quoteIdentifier(role)}`

export const functions = `
-- Removes the tables of an account's datasets with their owner.
create or replace function ${stateSchema}.forget_observatory(username text) returns void language sql as $$
  select ${stateSchema}.drop_role('${prefix}' || md5(username))
$$;

-- One account after the other, and only what has changed: PostgreSQL fails when rights on a view are changed twice at once.
create or replace function ${stateSchema}.grant_observatory(role_name text, offered text[], readable text[])
returns void language plpgsql as $$
declare
  one record;
begin
  perform pg_advisory_xact_lock(hashtext('${stateSchema}.grant_observatory'));
  for one in
    select view, view = any(readable) as may from unnest(offered) view
    where has_table_privilege(role_name, view, 'select') <> (view = any(readable))
  loop
    execute format(case when one.may then 'grant select on %s to %I' else 'revoke select on %s from %I' end, one.view, role_name);
  end loop;
end $$`

/** Named after what it shows: another version of the emulator, which may offer others, makes views of its own. */
const viewName = (query: string): string =>
  `${stateSchema}.observatory_${createHash("sha256").update(query).digest("hex").slice(0, 16)}`

/** The rows of what is offered, as they stand in a query. */
export const viewOf = (entity: Entity): string => viewName(content(entity))

/** A dataset's rows with their places beside them. */
export const placedViewOf = (dataset: Dataset): string => viewName(placed(dataset))

export const geographyOf = (dataset: Dataset) => {
  const found = geographies.find(({ id }) => id === dataset.geography)
  if (found === undefined) throw new Error(`the geography of ${dataset.id} is missing`)
  return found
}

const placed = (dataset: Dataset): string =>
  `select d.*, g.${geometryColumn} from ${viewOf(dataset)} d join ${viewOf(geographyOf(dataset))} g using (geoid)`

const views: ReadonlyMap<string, string> = new Map([
  ...entities.map((entity) => [viewOf(entity), content(entity)] as const),
  ...datasets.map((dataset) => [placedViewOf(dataset), placed(dataset)] as const)
])

export const makeViews = [...views].map(([name, query]) => `create or replace view ${name} as ${query}`).join(";\n")

/** Gives the role what is subscribed to, and nothing else; a dataset comes with its geography. */
export const grantRows = (role: string, active: ReadonlySet<string>): string => {
  const readable = new Set([
    ...entities.filter(({ id }) => active.has(id)).map(viewOf),
    ...datasets
      .filter(({ id }) => active.has(id))
      .flatMap((dataset) => [placedViewOf(dataset), viewOf(geographyOf(dataset))])
  ])
  const names = (list: Iterable<string>) => `array[${[...list].map(quoteLiteral).join(", ")}]::text[]`
  return `select ${stateSchema}.grant_observatory(${quoteLiteral(role)}, ${names(views.keys())}, ${names(readable)})`
}
