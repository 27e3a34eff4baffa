/** The members that objects have in common which show a user, a stranger's first (platform reference, §14.1). */
import * as Schema from "effect/Schema"
import { count, flag, json, maybe, text } from "./optional.ts"

/** Of users of an organization. */
export const group = Schema.Struct({
  id: Schema.optionalKey(Schema.String),
  organization_id: text,
  name: Schema.String,
  display_name: text,
  shared_tables_count: count,
  shared_maps_count: count
})

/** What everybody may see. */
export const publicForm = {
  name: text,
  last_name: text,
  /** Often without a scheme: `//…`. */
  avatar_url: text,
  base_url: text,
  google_maps_query_string: text,
  disqus_shortname: text,
  viewer: flag,
  org_admin: flag,
  org_user: flag,
  remove_logo: flag,
  groups: maybe(Schema.Array(group))
}

export const profile = {
  name: text,
  last_name: text,
  /** Often without a scheme: `//…`. */
  avatar_url: text,
  website: text,
  description: text,
  location: text,
  twitter_username: text,
  disqus_shortname: text,
  available_for_hire: flag,
  industry: text,
  company_employees: text,
  use_case: text,
  company: text,
  phone: text,
  job_role: text
}

export const standing = {
  email: text,
  base_url: text,
  quota_in_bytes: count,
  db_size_in_bytes: count,
  table_count: count,
  viewer: flag,
  org_admin: flag,
  /** `viewer` or `builder`. */
  role_display: text,
  public_visualization_count: count,
  all_visualization_count: count,
  groups: maybe(Schema.Array(group))
}

/** What the user himself and administrators see. */
export const privateForm = {
  ...publicForm,
  ...profile,
  ...standing,
  /** Where they were asked for. */
  basemaps: json
}
