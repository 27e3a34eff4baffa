/** A user of the platform: the account itself, or another member of its organization. */
import * as Schema from "effect/Schema"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))

/** What users tell of themselves; what they never told is absent. */
export const Profile = Schema.Struct({
  name: text,
  last_name: text,
  website: text,
  description: text,
  location: text,
  twitter_username: text,
  disqus_shortname: text,
  available_for_hire: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),
  company: text,
  industry: text,
  phone: text,
  job_role: text,
  company_employees: text,
  use_case: text,
  avatar_url: text
})
export type Profile = typeof Profile.Type

/** A row of `users`; the quota and the size of the account's own data are the database's, not here. */
export const Person = Schema.Struct({
  id: Schema.String,
  username: Schema.String,
  email: Schema.String,
  quota_in_bytes: Schema.Int,
  soft_geocoding_limit: Schema.Boolean,
  soft_here_isolines_limit: Schema.Boolean,
  soft_twitter_datasource_limit: Schema.Boolean,
  soft_mapzen_routing_limit: Schema.Boolean,
  viewer: Schema.Boolean,
  org_admin: Schema.Boolean,
  profile: Profile,
  password_hash: Schema.NullOr(Schema.String),
  /** A member's master key. The account's own is `Auth`'s. */
  api_key: Schema.NullOr(Schema.RedactedFromValue(Schema.String)),
  /** The PostgreSQL role of a member. The account's own is `Auth`'s. */
  role: Schema.NullOr(Schema.String),
  /** Milliseconds since the epoch. */
  created_at: Schema.Int,
  /** When the server has made the user, which takes a moment. */
  ready_at: Schema.Int
})
export type Person = typeof Person.Type

/** What can be told of a user when it is made or changed; of a profile what it names. */
export type PersonChanges = Partial<Omit<Person, "id" | "username" | "api_key" | "role" | "created_at" | "ready_at">>

/** The organization that the account owns. */
export interface Organization {
  readonly id: string
  readonly name: string
  readonly quotaInBytes: number
  readonly seats: number
  readonly viewerSeats: number
  readonly createdAt: number
}
