/** What the catalog keeps of a dataset or a map. */
import * as Schema from "effect/Schema"
import { quoteLiteral } from "../SqlText.ts"

export const Privacy = Schema.Literals(["PUBLIC", "LINK", "PRIVATE", "PASSWORD"])
export type Privacy = typeof Privacy.Type

/** With whom something is shared; `entity` is the id of a user, an organization or a group. */
export const AclEntry = Schema.Struct({
  type: Schema.Literals(["user", "org", "group"]),
  entity: Schema.String,
  access: Schema.Literals(["r", "rw", "n"])
})
export type AclEntry = typeof AclEntry.Type

const text = Schema.NullOr(Schema.String)

/** A row of the catalog; times are milliseconds of the emulator's clock. */
export const Visualization = Schema.Struct({
  id: Schema.String,
  /** `table` is a dataset, `derived` a map. */
  type: Schema.Literals(["table", "derived"]),
  /** Of a dataset: PostgreSQL's oid, and the id of the platform. */
  table_oid: Schema.NullOr(Schema.Finite),
  table_id: text,
  /** Of the user whose it is; a dataset's table is in it. */
  schema: Schema.String,
  map_id: Schema.String,
  active_layer_id: text,
  permission_id: Schema.String,
  /** Of a dataset: its table's. */
  name: Schema.String,
  display_name: text,
  description: text,
  tags: Schema.Array(Schema.String),
  privacy: Privacy,
  password_hash: text,
  locked: Schema.Boolean,
  liked: Schema.Boolean,
  source: text,
  title: text,
  license: text,
  attributions: text,
  kind: Schema.String,
  version: Schema.Finite,
  transition_options: Schema.Json,
  acl: Schema.Array(AclEntry),
  /** Of a dataset: what its first rows hold, such as `ST_Point`. */
  geometry_types: Schema.Array(Schema.String),
  /** The synchronization as its own API shows it. */
  synchronization: Schema.Json,
  created_at: Schema.Finite,
  updated_at: Schema.Finite,
  /** When `acl` was last changed. */
  shared_at: Schema.Finite
})
export type Visualization = typeof Visualization.Type

/** New maps are those of the newer editor. */
export const mapVersion = 3

/** What an update may set. */
export type Changes = Partial<Omit<Visualization, "id" | "type" | "schema" | "table_oid" | "table_id">>

/** Whether a text can be compared with an id. */
export const isUuid = (text: string): boolean => /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text)

/** A JSON value as a literal of SQL. */
export const jsonLiteral = (value: unknown): string => `${quoteLiteral(JSON.stringify(value))}::jsonb`

/** Columns of a row, as `jsonb_populate_record` fills them in. */
export const columnsOf = (values: object): string => Object.keys(values).join(", ")
