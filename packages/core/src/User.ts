/** Users in their several forms: as a key sees its own, as an organization lists and manages them (platform reference, §14). */
import * as Schema from "effect/Schema"
import { nullWhenEmpty } from "./internal/emptyObject.ts"
import { count, flag, json, maybe, secret, text, texts, time } from "./internal/optional.ts"
import { privateForm, profile, standing } from "./internal/userForm.ts"
import { Group, Organization } from "./Organization.ts"

/** Whose a key is, and where the other services are. The second half only keys see that may read the profile. */
export const Me = Schema.Struct({
  username: Schema.String,
  /** Null for who is in none. */
  organization: maybe(Schema.Struct({ name: Schema.String, owner: maybe(Schema.Struct({ username: text })) })),
  /** Addresses of this account for each service; `maps_api_v2_template` is one with a placeholder. */
  api_endpoints: maybe(
    Schema.Struct({
      sql: text,
      maps: text,
      import: text,
      auth: text,
      builder: text,
      maps_api_v2_template: text
    })
  ),
  region: text,
  groups: maybe(Schema.Array(Group)),
  avatar_url: text,
  first_name: text,
  last_name: text
})
export type Me = typeof Me.Type

/** A user in a list. Of others only administrators see more than name and address. */
export const Member = Schema.Struct({ id: Schema.String, username: Schema.String, ...privateForm })
export type Member = typeof Member.Type

/** A user as the administrator of the organization manages one. */
export const ManagedUser = Schema.Struct({
  username: Schema.String,
  /** Some servers leave it out of this form. */
  id: text,
  ...privateForm,
  soft_geocoding_limit: flag,
  /** That user's master key; null while the user is made. */
  api_key: secret
})
export type ManagedUser = typeof ManagedUser.Type

/** A quota of a data service; null is unlimited or unknown. */
const Service = Schema.Struct({ quota: count, block_price: count, monthly_use: count, hard_limit: flag })

/** Another company's service, with which the account shares or does not. */
const Switch = Schema.Struct({ enabled: flag })

/** The caller's own account. Of quotas null means that there is no limit. */
export const OwnAccount = Schema.Struct({
  id: Schema.String,
  username: Schema.String,
  ...profile,
  ...standing,
  /** `active` and others. */
  state: text,
  created_at: time,
  account_type: text,
  account_type_display_name: text,
  table_quota: count,
  public_map_quota: count,
  public_dataset_quota: count,
  private_map_quota: count,
  regular_api_key_quota: count,
  public_privacy_map_count: count,
  link_privacy_map_count: count,
  password_privacy_map_count: count,
  private_privacy_map_count: count,
  owned_visualization_count: count,
  visualization_count: count,
  failed_import_count: count,
  success_import_count: count,
  import_count: count,
  last_visualization_created_at: time,
  db_size_in_megabytes: count,
  remaining_table_quota: count,
  /** Negative when more is used than allowed. */
  remaining_byte_quota: count,
  storage: maybe(
    Schema.Struct({
      quota_in_bytes: count,
      db_size_in_bytes: count,
      subscriptions_public_size_in_bytes: count,
      subscriptions_premium_size_in_bytes: count,
      subscriptions_premium_estimated_size_in_bytes: count
    })
  ),
  map_views: json,
  map_views_quota: count,
  unverified: flag,
  geocoding: maybe(nullWhenEmpty(Service)),
  here_isolines: maybe(nullWhenEmpty(Service)),
  mapzen_routing: maybe(nullWhenEmpty(Service)),
  geocoder_provider: text,
  isolines_provider: text,
  routing_provider: text,
  twitter: json,
  salesforce: maybe(nullWhenEmpty(Switch)),
  mailchimp: maybe(nullWhenEmpty(Switch)),
  billing_period: time,
  next_billing_period: time,
  /** The master key. */
  api_key: secret,
  /** Those that a new map begins with. */
  layers: maybe(Schema.Array(Schema.Json)),
  trial_ends_at: time,
  upgraded_at: time,
  show_trial_reminder: flag,
  show_upgraded_message: flag,
  /** What the plan allows, such as `sync_tables` and `engine_enabled`. */
  actions: maybe(Schema.Record(Schema.String, Schema.NullOr(Schema.Json))),
  limits: maybe(
    Schema.Struct({
      concurrent_syncs: count,
      concurrent_imports: count,
      /** Bytes. */
      import_file_size: count,
      import_table_rows: count,
      max_layers: count
    })
  ),
  notification: text,
  email_notifications: json,
  feature_flags: texts,
  needs_password_confirmation: flag,
  mfa_configured: flag,
  is_enterprise: flag,
  do_enabled: flag,
  do_bq_project: text,
  do_bq_dataset: text,
  google_maps_private_key: secret,
  /** Null for who is in none. */
  organization: maybe(nullWhenEmpty(Organization)),
  /** Quotas and rights of the mobile SDK, some numbers and some flags. */
  mobile_apps: maybe(Schema.Record(Schema.String, Schema.NullOr(Schema.Json)))
})
export type OwnAccount = typeof OwnAccount.Type

/** What the dashboard begins with. Of a key that is not the master's the server takes no notice: `user_data` is missing. */
export const Dashboard = Schema.Struct({
  user_data: maybe(OwnAccount),
  default_fallback_basemap: json,
  dashboard_notifications: json,
  organization_notifications: json,
  unfiltered_organization_notifications: json,
  is_just_logged_in: flag,
  is_first_time_viewing_dashboard: flag,
  can_change_email: flag,
  can_change_password: flag,
  auth_username_password_enabled: flag,
  google_sign_in: flag,
  services: json,
  user_frontend_version: text,
  asset_host: text,
  plan_name: text,
  plan_url: text,
  can_be_deleted: flag,
  cant_be_deleted_reason: text,
  mfa_required: flag,
  license_expiration: text,
  /** Addresses with the placeholder `{user}`, and other settings. */
  config: maybe(
    Schema.Struct({
      sql_api_template: text,
      maps_api_template: text,
      user_name: text,
      account_host: text,
      cartodb_com_hosted: flag
    })
  )
})
export type Dashboard = typeof Dashboard.Type

/** The quota of a data service, by its SQL function (platform reference, §18). */
export const ServiceQuota = Schema.Struct({
  /** `isolines`, `hires_geocoder`, `routing`, `observatory`. */
  service: Schema.String,
  monthly_quota: count,
  used_quota: count,
  /** More than the quota may be used, at a price. */
  soft_limit: flag,
  provider: text,
  max_batch_size: count
})
export type ServiceQuota = typeof ServiceQuota.Type

/** Bytes of the account's tables. */
export interface Storage {
  readonly used: number
  readonly quota: number
}
