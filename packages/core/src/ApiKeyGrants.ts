/**
 * What an API key is to be allowed, as values for `ApiKeys.create` (platform reference, §12.2):
 *
 * ```
 * [ApiKeyGrants.reads("cities", "alice.roads"), ApiKeyGrants.table("visits", "select", "insert")]
 * ```
 *
 * Whatever is not granted is forbidden, and a key cannot be changed later: grant the least that will do.
 */

/** A table by its name, `alice.cities` for another's, or by its parts, which may hold any character. */
export type TableRef = string | { readonly schema?: string | undefined; readonly name: string }

export type TablePermission = "select" | "insert" | "update" | "delete"
export type Dataservice = "geocoding" | "routing" | "isolines" | "observatory"

export type ApiKeyGrant =
  | { readonly _tag: "Api"; readonly api: "sql" | "maps" | "do" }
  | { readonly _tag: "Table"; readonly table: TableRef; readonly permissions: ReadonlyArray<TablePermission> }
  | { readonly _tag: "Schema"; readonly schema: string | undefined; readonly permissions: ReadonlyArray<"create"> }
  | { readonly _tag: "Dataservices"; readonly services: ReadonlyArray<Dataservice> }
  | { readonly _tag: "TableMetadata" }
  | { readonly _tag: "Profile" }
  | { readonly _tag: "Datasets"; readonly ids: ReadonlyArray<string> }
  | { readonly _tag: "All"; readonly grants: ReadonlyArray<ApiKeyGrant> }

/** Statements and COPY, on the tables that are granted beside it. Batch jobs need the master key. */
export const sql: ApiKeyGrant = { _tag: "Api", api: "sql" }

/** Maps over the tables that are granted beside it. */
export const maps: ApiKeyGrant = { _tag: "Api", api: "maps" }

/** The API of the Data Observatory. */
export const dataObservatory: ApiKeyGrant = { _tag: "Api", api: "do" }

/** Permissions on a table; without a schema it is one of the account's own. It needs `sql` or `maps` to be of use. */
export const table = (
  table: TableRef,
  ...permissions: readonly [TablePermission, ...ReadonlyArray<TablePermission>]
): ApiKeyGrant => ({ _tag: "Table", table, permissions })

/** May make tables in a schema, by default the account's own, and owns those that it makes. */
export const creates = (schema?: string): ApiKeyGrant => ({ _tag: "Schema", schema, permissions: ["create"] })

/** Geocoding and the like, which count against the account's quota. */
export const dataservices = (...services: readonly [Dataservice, ...ReadonlyArray<Dataservice>]): ApiKeyGrant => ({
  _tag: "Dataservices",
  services
})

/** May list the names of all datasets of the account. */
export const tableMetadata: ApiKeyGrant = { _tag: "TableMetadata" }

/** May read the user's profile. The server does not show afterwards that it is granted. */
export const profile: ApiKeyGrant = { _tag: "Profile" }

/** Datasets of the Data Observatory, by their ids `project.dataset.table`. */
export const datasets = (...ids: readonly [string, ...ReadonlyArray<string>]): ApiKeyGrant => ({
  _tag: "Datasets",
  ids
})

/** Several as one. */
export const all = (...grants: ReadonlyArray<ApiKeyGrant>): ApiKeyGrant => ({ _tag: "All", grants })

/** Queries and maps of these tables, which nobody can change with it: what an application in a browser may hold. */
export const reads = (...tables: readonly [TableRef, ...ReadonlyArray<TableRef>]): ApiKeyGrant =>
  all(sql, maps, ...tables.map((name) => table(name, "select")))

/** Queries and changes of the rows of these tables. */
export const writes = (...tables: readonly [TableRef, ...ReadonlyArray<TableRef>]): ApiKeyGrant =>
  all(sql, ...tables.map((name) => table(name, "select", "insert", "update", "delete")))
