/** Who may see or change a visualization, and who owns it (platform reference, §10.2, §14.1). */
import * as Schema from "effect/Schema"
import { nullWhenEmpty } from "./internal/emptyObject.ts"
import { count, flag, text } from "./internal/optional.ts"
import { Timestamp } from "./internal/timestamp.ts"

/** Not the id of the dataset or map that it belongs to. */
export const PermissionId = Schema.NonEmptyString.pipe(Schema.brand("carto/PermissionId"))
export type PermissionId = typeof PermissionId.Type

/** A user as other objects show one: the owner himself with quota and counts, everybody else without. */
export const Owner = Schema.Struct({
  id: Schema.String,
  username: Schema.String,
  name: text,
  last_name: text,
  email: text,
  /** Often without a scheme: `//…`. */
  avatar_url: text,
  base_url: text,
  viewer: flag,
  org_admin: flag,
  org_user: flag,
  role_display: text,
  quota_in_bytes: count,
  table_count: count,
  public_visualization_count: count,
  all_visualization_count: count
})
export type Owner = typeof Owner.Type

/** `r` reads, `rw` reads and writes the rows, `n` is explicitly nothing. Other words decode too. */
export const Access = Schema.String
export type Access = typeof Access.Type

/** An entry as the server tells it; it takes none back as it is. */
export const AclEntry = Schema.Struct({
  /** `user`, `group` or `org`. */
  type: Schema.String,
  entity: Schema.Struct({
    id: Schema.String,
    /** Of users. */
    username: text,
    /** Of groups and organizations; a user's is the first name. */
    name: text
  }),
  access: Access
})
export type AclEntry = typeof AclEntry.Type

/** Whoever may not read the visualization gets `id` and `owner` only. */
export const Permission = Schema.Struct({
  id: PermissionId,
  owner: Owner,
  entity: Schema.optionalKey(nullWhenEmpty(Schema.Struct({ id: Schema.String, type: Schema.String }))),
  /** Without entries for who is gone. */
  acl: Schema.optionalKey(Schema.Array(AclEntry)),
  created_at: Schema.optionalKey(Timestamp),
  updated_at: Schema.optionalKey(Timestamp)
})
export type Permission = typeof Permission.Type

/** Somebody to share with (platform reference, §10.3). */
export const Grantable = Schema.Struct({
  id: Schema.String,
  /** `user` or `group`. */
  type: Schema.String,
  name: Schema.String,
  avatar_url: text
})
export type Grantable = typeof Grantable.Type
