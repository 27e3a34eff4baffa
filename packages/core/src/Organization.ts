/** An organization: users who share datasets, seats and quota (platform reference, §14.6). */
import * as Schema from "effect/Schema"
import { count, flag, maybe, text, time } from "./internal/optional.ts"
import { group } from "./internal/userForm.ts"

/** In the dashboard's words: a group of users of an organization. */
export const Group = group
export type Group = typeof Group.Type

export const Organization = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  display_name: text,
  description: text,
  /** As the server spells it. */
  discus_shortname: text,
  twitter_username: text,
  location: text,
  website: text,
  admin_email: text,
  avatar_url: text,
  created_at: time,
  updated_at: time,
  owner: maybe(
    Schema.Struct({ id: text, username: text, avatar_url: text, email: text, groups: maybe(Schema.Array(Group)) })
  ),
  admins: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Struct({ id: Schema.String })))),
  quota_in_bytes: count,
  /** Bytes that no user was given yet. */
  unassigned_quota: count,
  /** Of the object within a user: what could be given to this one. */
  available_quota_for_user: count,
  geocoding_quota: count,
  here_isolines_quota: count,
  mapzen_routing_quota: count,
  map_views_quota: count,
  twitter_datasource_quota: count,
  here_isolines_block_price: count,
  mapzen_routing_block_price: count,
  map_view_block_price: count,
  geocoding_block_price: count,
  geocoder_provider: text,
  isolines_provider: text,
  routing_provider: text,
  seats: count,
  viewer_seats: count,
  user_count: count,
  password_expiration_in_d: count,
  random_saml_username: flag
})
export type Organization = typeof Organization.Type
