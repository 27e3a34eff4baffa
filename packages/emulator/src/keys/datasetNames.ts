/** The tables and views that a key's role may use, and how. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Catalog } from "../catalog/Catalog.ts"
import { Database } from "../Database.ts"
import { quoteLiteral } from "../SqlText.ts"
import { stateSchema } from "../sql/state.ts"

const Row = Schema.Struct({
  table_schema: Schema.String,
  name: Schema.String,
  mode: Schema.Literals(["r", "w", "rw"]),
  /** Of a dataset of the catalog only, as is `updated_at`, in milliseconds. */
  privacy: Schema.NullOr(Schema.String),
  updated_at: Schema.NullOr(Schema.FiniteFromString)
})
export type DatasetName = typeof Row.Type

const decode = Schema.decodeUnknownEffect(Schema.Array(Row))

const names = (role: string): string => `
  WITH relations AS (
    SELECT c.oid, n.nspname AS table_schema, c.relname AS name,
      has_table_privilege(${quoteLiteral(role)}, c.oid, 'select') AS reads,
      -- A view that joins or counts takes no rows, whatever was granted.
      has_table_privilege(${quoteLiteral(role)}, c.oid, 'insert, update, delete')
        AND pg_relation_is_updatable(c.oid, false) <> 0 AS writes
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'cartodb', 'cdb_dataservices_client', '${stateSchema}')
      AND n.nspname !~ '^pg_' AND has_schema_privilege(${quoteLiteral(role)}, n.oid, 'usage')
      -- The tables of PostGIS.
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  )
  SELECT table_schema, r.name,
    CASE WHEN reads THEN 'r' ELSE '' END || CASE WHEN writes THEN 'w' ELSE '' END AS mode,
    lower(v.privacy) AS privacy,
    CASE WHEN v.id IS NOT NULL THEN coalesce(extract(epoch FROM m.updated_at)::float8 * 1000, v.updated_at) END AS updated_at
  FROM relations r LEFT JOIN ${stateSchema}.visualizations v ON v.table_oid = r.oid
    LEFT JOIN cartodb.cdb_tablemetadata m ON m.tabname = r.oid
  WHERE reads OR writes ORDER BY r.name COLLATE "C", table_schema`

/** Ordered by name. Views, and tables that are no datasets, are among them. */
export const datasetNames = Effect.fnUntraced(function* (role: string) {
  const database = yield* Database
  // Brings the catalog up to what SQL made of the tables.
  yield* (yield* Catalog).select("where false")
  const rows = yield* database.rows(names(role))
  return yield* Effect.orDie(decode(rows))
})
