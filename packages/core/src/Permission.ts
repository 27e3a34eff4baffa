/** Who may see or change a visualization, and who owns it (platform reference, §10.2, §14.1). */
import * as Schema from "effect/Schema"
import { nullWhenEmpty } from "./internal/emptyObject.ts"
import { count, maybe, text } from "./internal/optional.ts"
import { Timestamp } from "./internal/timestamp.ts"
import { privateForm, publicForm } from "./internal/userForm.ts"

/** Not the id of the dataset or map that it belongs to. */
export const PermissionId = Schema.NonEmptyString.pipe(Schema.brand("carto/PermissionId"))
export type PermissionId = typeof PermissionId.Type

/** A user as other objects show one: the owner himself with quota and counts, everybody else without. */
export const Owner = Schema.Struct({ id: Schema.String, username: Schema.String, ...privateForm })
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
    ...publicForm,
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
  avatar_url: text,
  /** The user as strangers see one, or the group with its users. */
  model: maybe(
    Schema.Struct({
      id: text,
      username: text,
      ...publicForm,
      organization_id: text,
      display_name: text,
      shared_tables_count: count,
      shared_maps_count: count,
      users: maybe(Schema.Array(Owner))
    })
  )
})
export type Grantable = typeof Grantable.Type
