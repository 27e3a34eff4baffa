/** The grants of a key as it shows them: rights on tables as PostgreSQL tells them now, not as they were asked for. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Database } from "../Database.ts"
import { quoteLiteral } from "../SqlText.ts"
import { stateSchema } from "../sql/state.ts"
import type { ApiKey } from "./ApiKey.ts"

const TableRight = Schema.Struct({
  schema: Schema.String,
  name: Schema.String,
  owner: Schema.Boolean,
  permissions: Schema.Array(Schema.String)
})
const SchemaRight = Schema.Struct({ name: Schema.String, permissions: Schema.Array(Schema.String) })

const decode = Schema.decodeUnknownEffect(
  Schema.Tuple([
    Schema.Struct({
      tables: Schema.fromJsonString(Schema.Array(TableRight)),
      schemas: Schema.fromJsonString(Schema.Array(SchemaRight))
    })
  ])
)

// `maintain` came to PostgreSQL after CARTO.
const rights = (role: string): string => `
  SELECT
    (SELECT coalesce(json_agg(t ORDER BY schema, name), '[]') FROM (
      SELECT n.nspname AS schema, c.relname AS name, c.relowner = r.oid AS owner,
        json_agg(DISTINCT lower(a.privilege_type)) AS permissions
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
        aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.grantee = r.oid AND a.privilege_type <> 'MAINTAIN'
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'cartodb', '${stateSchema}') AND n.nspname !~ '^pg_'
      GROUP BY n.nspname, c.relname, c.relowner
    ) t) AS tables,
    (SELECT coalesce(json_agg(s ORDER BY name), '[]') FROM (
      SELECT n.nspname AS name, json_agg(DISTINCT lower(a.privilege_type)) AS permissions
      FROM pg_catalog.pg_namespace n, aclexplode(n.nspacl) a
      WHERE a.grantee = r.oid AND a.privilege_type = 'CREATE'
      GROUP BY n.nspname
    ) s) AS schemas
  FROM pg_catalog.pg_roles r WHERE r.rolname = ${quoteLiteral(role)}`

/** The sections of a key's grants, in the order in which the application shows them. */
export const grantsOf = Effect.fnUntraced(function* (key: ApiKey) {
  const database = yield* Database
  // What the account and the public may is told by the kind of the key, not listed.
  const [{ schemas, tables }] =
    key.type === "regular"
      ? yield* Effect.flatMap(database.rows(rights(key.role)), (rows) => Effect.orDie(decode(rows)))
      : [{ tables: [], schemas: [] }]
  return [
    { type: "apis", apis: [...key.apis] },
    { type: "database", tables, schemas, ...(key.tableMetadata ? { table_metadata: [] } : {}) },
    ...(key.dataservices === undefined ? [] : [{ type: "dataservices", services: key.dataservices }]),
    ...(key.datasets === undefined ? [] : [{ type: "data-observatory", datasets: key.datasets }])
  ]
})
