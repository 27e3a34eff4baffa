/** Grants as the sections of a request: one of each kind, and one of the APIs even where there is none. */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { ApiKeyGrant, TableRef } from "../ApiKeyGrants.ts"
import type { CartoError } from "../CartoError.ts"
import { tableName } from "./tableName.ts"

type Sections = ReadonlyArray<{ readonly [name: string]: Schema.Json }>

const flat = (grant: ApiKeyGrant): ReadonlyArray<ApiKeyGrant> =>
  grant._tag === "All" ? grant.grants.flatMap(flat) : [grant]

const parts = (operation: string, table: TableRef) =>
  typeof table === "string" ? tableName(operation, table) : Effect.succeed({ schema: table.schema, name: table.name })

/** The schema of tables that are named without one is asked for only where there are such. */
export const grantSections = Effect.fnUntraced(function* (
  operation: string,
  grants: ReadonlyArray<ApiKeyGrant>,
  ownSchema: Effect.Effect<string, CartoError>
): Effect.fn.Return<Sections, CartoError> {
  const all = grants.flatMap(flat)
  const own = yield* Effect.cached(ownSchema)
  const schemaOf = (schema: string | undefined) => (schema === undefined ? own : Effect.succeed(schema))

  const tables = new Map<
    string,
    { readonly schema: string; readonly name: string; readonly permissions: Set<string> }
  >()
  const schemas = new Map<string, Set<string>>()
  for (const grant of all) {
    if (grant._tag === "Table") {
      const { name, schema: written } = yield* parts(operation, grant.table)
      const schema = yield* schemaOf(written)
      const key = JSON.stringify([schema, name])
      const known = tables.get(key)?.permissions ?? []
      tables.set(key, { schema, name, permissions: new Set([...known, ...grant.permissions]) })
    }
    if (grant._tag === "Schema") {
      const schema = yield* schemaOf(grant.schema)
      schemas.set(schema, new Set([...(schemas.get(schema) ?? []), ...grant.permissions]))
    }
  }

  const apis = distinct(all, (grant) => (grant._tag === "Api" ? [grant.api] : []))
  const services = distinct(all, (grant) => (grant._tag === "Dataservices" ? grant.services : []))
  const datasets = distinct(all, (grant) => (grant._tag === "Datasets" ? grant.ids : []))
  const hasMetadata = all.some(({ _tag }) => _tag === "TableMetadata")
  const database = {
    ...(tables.size === 0
      ? {}
      : { tables: [...tables.values()].map((table) => ({ ...table, permissions: [...table.permissions] })) }),
    ...(schemas.size === 0
      ? {}
      : { schemas: [...schemas].map(([name, permissions]) => ({ name, permissions: [...permissions] })) }),
    ...(hasMetadata ? { table_metadata: [] } : {})
  }
  return [
    { type: "apis", apis },
    ...(Object.keys(database).length === 0 ? [] : [{ type: "database", ...database }]),
    ...(services.length === 0 ? [] : [{ type: "dataservices", services }]),
    ...(all.some(({ _tag }) => _tag === "Profile") ? [{ type: "user", data: ["profile"] }] : []),
    ...(datasets.length === 0 ? [] : [{ type: "data-observatory", datasets }])
  ]
})

const distinct = (
  grants: ReadonlyArray<ApiKeyGrant>,
  words: (grant: ApiKeyGrant) => ReadonlyArray<string>
): ReadonlyArray<string> => [...new Set(grants.flatMap(words))]
