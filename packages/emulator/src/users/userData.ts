/** The account as its owner sees it (platform reference, §14.2). */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Address from "../Address.ts"
import { Auth } from "../Auth.ts"
import { Plan, type PlanFlags } from "../catalog/Plan.ts"
import { Database } from "../Database.ts"
import { Imports } from "../imports/Imports.ts"
import { stateSchema } from "../sql/state.ts"
import { Account } from "./Account.ts"
import { groupsOf } from "./Groups.ts"
import { organizationObject } from "./organizationObject.ts"
import { sizeOf, type Usage, usageOf } from "./usage.ts"
import { roleOf, wholeProfile } from "./userObject.ts"

const decodeServices = Schema.decodeUnknownEffect(
  Schema.Array(
    Schema.Struct({
      service: Schema.String,
      monthly_quota: Schema.NullOr(Schema.FiniteFromString),
      used_quota: Schema.FiniteFromString,
      soft_limit: Schema.Literals(["t", "f"])
    })
  )
)

/** The three services of which the object tells. */
const services = Effect.gen(function* () {
  const database = yield* Database
  const rows = yield* database.rows(`select service, monthly_quota, used_quota, soft_limit
    from ${stateSchema}.service_quotas`)
  const quotas = yield* Effect.orDie(decodeServices(rows))
  const told = (name: string) => {
    const quota = quotas.find(({ service }) => service === name)
    return {
      quota: quota?.monthly_quota ?? null,
      block_price: null,
      monthly_use: quota?.used_quota ?? 0,
      hard_limit: quota?.soft_limit !== "t"
    }
  }
  return { geocoding: told("hires_geocoder"), here_isolines: told("isolines"), mapzen_routing: told("routing") }
})

const counts = (used: Usage, size: number, { tableQuota }: PlanFlags) => ({
  public_visualization_count: used.publicVisualizations,
  public_privacy_map_count: used.publicMaps,
  link_privacy_map_count: used.linkMaps,
  password_privacy_map_count: used.passwordMaps,
  private_privacy_map_count: used.privateMaps,
  owned_visualization_count: used.visualizations,
  all_visualization_count: used.visualizations,
  visualization_count: used.maps,
  last_visualization_created_at:
    used.lastVisualization === null ? null : new Date(used.lastVisualization).toISOString(),
  quota_in_bytes: used.quota,
  db_size_in_bytes: size,
  db_size_in_megabytes: Number((size / 1_048_576).toFixed(2)),
  remaining_table_quota: tableQuota === undefined ? null : tableQuota - used.tables,
  remaining_byte_quota: used.quota - size,
  storage: {
    quota_in_bytes: used.quota,
    db_size_in_bytes: size,
    subscriptions_public_size_in_bytes: 0,
    subscriptions_premium_size_in_bytes: 0,
    subscriptions_premium_estimated_size_in_bytes: 0
  }
})

const actions = ({ engine, privateMaps, privateTables, synchronizations }: PlanFlags) => ({
  private_tables: privateTables,
  private_maps: privateMaps,
  remove_logo: false,
  sync_tables: synchronizations,
  google_maps_geocoder_enabled: null,
  google_maps_enabled: null,
  engine_enabled: engine,
  builder_enabled: true,
  mobile_sdk_enabled: false
})

/** The first day of this month, or of the next. */
const monthOf = (millis: number, ahead: number): string => {
  const now = new Date(millis)
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)).toISOString().slice(0, 10)
}

/** Contains the master key. */
export const userData = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const { me, organization } = yield* Account
  const { master, schema } = yield* Auth
  const plan = yield* (yield* Plan).get
  const used = yield* usageOf(schema)
  const imports = yield* Imports
  const counted = yield* imports.counts
  const allowed = yield* imports.limits
  const now = yield* Clock.currentTimeMillis
  const around = organization === undefined ? undefined : yield* organizationObject(organization)
  return {
    id: me.id,
    email: me.email,
    ...wholeProfile(me.profile),
    created_at: new Date(me.created_at).toISOString(),
    username: me.username,
    state: "active",
    account_type: organization === undefined ? "LOCAL" : "ORGANIZATION USER",
    account_type_display_name: null,
    table_quota: plan.tableQuota ?? null,
    public_map_quota: plan.publicMapQuota ?? null,
    public_dataset_quota: plan.publicDatasetQuota ?? null,
    private_map_quota: plan.privateMapQuota ?? null,
    regular_api_key_quota: plan.apiKeyQuota ?? null,
    table_count: used.tables,
    viewer: me.viewer,
    role_display: roleOf(me),
    org_admin: me.org_admin,
    ...counts(used, yield* sizeOf(schema), plan),
    failed_import_count: counted.failed,
    success_import_count: counted.complete,
    import_count: counted.all,
    map_views: 0,
    map_views_quota: null,
    unverified: false,
    ...(yield* services),
    geocoder_provider: null,
    isolines_provider: null,
    routing_provider: null,
    twitter: {
      enabled: false,
      quota: null,
      block_price: null,
      block_size: 0,
      monthly_use: 0,
      hard_limit: true,
      customized_config: false
    },
    salesforce: { enabled: false },
    mailchimp: { enabled: false },
    billing_period: monthOf(now, 0),
    next_billing_period: monthOf(now, 1),
    api_key: Redacted.value(master.token),
    layers: [],
    trial_ends_at: null,
    upgraded_at: null,
    show_trial_reminder: false,
    show_upgraded_message: false,
    actions: actions(plan),
    limits: {
      concurrent_syncs: 3,
      concurrent_imports: allowed.slots,
      // There is no word for "without limit": CARTO's own accounts have these.
      import_file_size: allowed.size ?? 157_286_400,
      import_table_rows: allowed.rows ?? 500_000,
      max_layers: 8
    },
    notification: null,
    email_notifications: {},
    feature_flags: [],
    base_url: Address.base(request),
    needs_password_confirmation: true,
    mfa_configured: false,
    is_enterprise: false,
    do_enabled: true,
    do_bq_project: null,
    do_bq_dataset: null,
    ...(around === undefined
      ? {}
      : {
          organization: { ...around, available_quota_for_user: around.unassigned_quota + used.quota },
          groups: yield* groupsOf(me)
        })
  }
})
