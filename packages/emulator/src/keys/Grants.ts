/** What a regular API key may do (platform reference, §12.2). */

export const apis = ["sql", "maps", "do"] as const
export const dataservices = ["geocoding", "routing", "isolines", "observatory"] as const

/** `do` is the Data Observatory. */
export type Api = (typeof apis)[number]
export type Dataservice = (typeof dataservices)[number]

/** A right on a table. */
export type Permission = "select" | "insert" | "update" | "delete"

/** What a regular key may do with one table; the schema is `public` unless told. */
export interface TableGrant {
  readonly schema?: string | undefined
  readonly table: string
  readonly permissions: ReadonlyArray<Permission>
}

/** Whether a key may make tables in a schema. */
export interface SchemaGrant {
  readonly schema: string
  readonly permissions: ReadonlyArray<"create">
}

/** The grants that PostgreSQL keeps, as rights of the key's role. */
export interface DatabaseGrants {
  readonly tables?: ReadonlyArray<TableGrant> | undefined
  readonly schemas?: ReadonlyArray<SchemaGrant> | undefined
  /** Whether it may list the tables of the account and the times of their changes. */
  readonly tableMetadata?: boolean | undefined
}

/** The grants that are the application's own, all of which a key shows but `profile`. */
export interface PlatformGrants {
  readonly apis?: ReadonlyArray<Api> | undefined
  readonly dataservices?: ReadonlyArray<Dataservice> | undefined
  /** Whether it may read the names and addresses of the user. */
  readonly profile?: boolean | undefined
  /** Datasets of the Data Observatory. */
  readonly datasets?: ReadonlyArray<string> | undefined
}

export interface Grants extends DatabaseGrants, PlatformGrants {}
