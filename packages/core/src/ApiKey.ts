/** An API key as the server tells it, and what it may do (platform reference, §12). */
import * as Schema from "effect/Schema"
import { Timestamp } from "./internal/timestamp.ts"

const words = Schema.Array(Schema.String)

/** What a key may do with a table: the database's own words, such as `select`, and those that nobody can ask for. */
export const TablePermissions = Schema.Struct({
  schema: Schema.String,
  name: Schema.String,
  permissions: words,
  /** The key itself made the table. */
  owner: Schema.optionalKey(Schema.NullOr(Schema.Boolean))
})
export type TablePermissions = typeof TablePermissions.Type

export const SchemaPermissions = Schema.Struct({ name: Schema.String, permissions: words })
export type SchemaPermissions = typeof SchemaPermissions.Type

/** The sections of the grants. The tables are those that the database has: a dropped one is gone from them. */
const Apis = Schema.Struct({ type: Schema.Literal("apis"), apis: words })
const Database = Schema.Struct({
  type: Schema.Literal("database"),
  tables: Schema.optionalKey(Schema.NullOr(Schema.Array(TablePermissions))),
  schemas: Schema.optionalKey(Schema.NullOr(Schema.Array(SchemaPermissions))),
  /** There, and empty, when it is granted. */
  table_metadata: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Json)))
})
const Dataservices = Schema.Struct({ type: Schema.Literal("dataservices"), services: words })
const DataObservatory = Schema.Struct({ type: Schema.Literal("data-observatory"), datasets: words })
/** Stored and in force, but no server shows it. */
const User = Schema.Struct({ type: Schema.Literal("user"), data: words })
const Other = Schema.Struct({ type: Schema.String })

/** A section of a kind that is not known here decodes to its `type` alone. */
export const Section = Schema.Union([Apis, Database, Dataservices, DataObservatory, User, Other])
export type Section = typeof Section.Type

export const ApiKey = Schema.Struct({
  /** Unique for a user, and all that identifies a key. */
  name: Schema.String,
  user: Schema.optionalKey(Schema.Struct({ username: Schema.String })),
  /** `master`, `default` or `regular`. Other words decode too. */
  type: Schema.String,
  /** Cannot be encoded: whoever stores it unwraps it first. */
  token: Schema.RedactedFromValue(Schema.String, { label: "API key", disallowEncode: true }),
  grants: Schema.Array(Section),
  created_at: Schema.optionalKey(Schema.NullOr(Timestamp)),
  updated_at: Schema.optionalKey(Schema.NullOr(Timestamp)),
  /** Only in lists. */
  _links: Schema.optionalKey(Schema.NullOr(Schema.Struct({ self: Schema.optionalKey(Schema.NullOr(Schema.String)) })))
})
export type ApiKey = typeof ApiKey.Type

/** What a key may do, in one piece. Whatever the grants do not name is forbidden. */
export interface Abilities {
  /** The master key: everything, of which nothing below is a limit. */
  readonly everything: boolean
  /** `sql`, `maps` and `do`, the Data Observatory. */
  readonly apis: ReadonlyArray<string>
  /** Of tables that are granted by name. Public tables everybody reads. */
  readonly tables: ReadonlyArray<TablePermissions>
  readonly schemas: ReadonlyArray<SchemaPermissions>
  /** May list the names of all tables. */
  readonly tableMetadata: boolean
  /** Geocoding and the like. */
  readonly dataservices: ReadonlyArray<string>
  /** Datasets of the Data Observatory. */
  readonly datasets: ReadonlyArray<string>
}

const none: Abilities = {
  everything: false,
  apis: [],
  tables: [],
  schemas: [],
  tableMetadata: false,
  dataservices: [],
  datasets: []
}

export const abilities = (key: Pick<ApiKey, "type" | "grants">): Abilities => {
  let all: Abilities = { ...none, everything: key.type === "master" }
  for (const section of key.grants) all = { ...all, ...abilitiesOf(section) }
  return all
}

const isApis = Schema.is(Apis)
const isDatabase = Schema.is(Database)
const isDataservices = Schema.is(Dataservices)
const isDataObservatory = Schema.is(DataObservatory)

const abilitiesOf = (section: Section): Partial<Abilities> => {
  if (isApis(section)) return { apis: section.apis }
  if (isDataservices(section)) return { dataservices: section.services }
  if (isDataObservatory(section)) return { datasets: section.datasets }
  return isDatabase(section)
    ? {
        tables: section.tables ?? [],
        schemas: section.schemas ?? [],
        tableMetadata: section.table_metadata != null
      }
    : {}
}
