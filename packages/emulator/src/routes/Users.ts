/** `/api/v1/users/{anything}`, `/api/v3/me` and `/api/v4/me`: the account itself (platform reference, §14.2 to §14.4). */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import * as Address from "../Address.ts"
import { type ApiKey, Auth } from "../Auth.ts"
import { Account } from "../users/Account.ts"
import { userData } from "../users/userData.ts"
import { accountRoute } from "./accountRoute.ts"
import { missingHere } from "./notImplemented.ts"
import { json, known, master, optional, type Visit } from "./platform.ts"

/** Whatever the path says: the caller's own data. */
const own = ({ request }: Visit<ApiKey>) => Effect.map(userData(request), (user) => json(user))

const config = Effect.fnUntraced(function* ({ request }: Visit) {
  const { origin, pathname } = new URL(Address.base(request))
  const template = pathname === "/" ? origin.replace(/\/\/[^.]+\./, "//{user}.") : `${origin}/user/{user}`
  return {
    user_name: (yield* Auth).user,
    account_host: new URL(origin).host,
    cartodb_com_hosted: false,
    sql_api_template: template,
    maps_api_template: template
  }
})

const version = { user_frontend_version: "local" }

/** Nobody is told that a key is wrong: such a caller is anonymous, as is every regular key. */
const me3 = Effect.fnUntraced(function* (visit: Visit) {
  if (visit.key?.type !== "master") return json({ ...version, config: yield* config(visit) })
  const { organization } = yield* Account
  return json({
    user_data: yield* userData(visit.request),
    default_fallback_basemap: {},
    dashboard_notifications: {},
    organization_notifications: [],
    unfiltered_organization_notifications: [],
    is_just_logged_in: false,
    is_first_time_viewing_dashboard: false,
    can_change_email: true,
    auth_username_password_enabled: null,
    can_change_password: true,
    plan_name: null,
    plan_url: null,
    can_be_deleted: organization === undefined,
    cant_be_deleted_reason: organization === undefined ? null : "You can't delete the owner of an organization",
    services: [],
    ...version,
    asset_host: null,
    google_sign_in: null,
    mfa_required: false,
    license_expiration: null,
    config: yield* config(visit)
  })
})

/** Which other services there are, and more for keys that may read the profile. */
const me4 = Effect.fnUntraced(function* ({ key, request }: Visit<ApiKey>) {
  const { me, organization } = yield* Account
  const base = Address.base(request)
  const isProfile = key.type === "master" || key.profile === true
  return json({
    username: me.username,
    organization:
      organization === undefined
        ? null
        : { name: organization.name, ...(isProfile ? { owner: { username: me.username } } : {}) },
    api_endpoints: {
      sql: base,
      maps: base,
      import: base,
      auth: base,
      builder: base,
      ...(isProfile ? { maps_api_v2_template: null } : {})
    },
    ...(isProfile ? { region: null, groups: [], avatar_url: null, first_name: null, last_name: null } : {})
  })
})

const me = Effect.flatMap(HttpRouter.params, (params) =>
  params.version === "v4" ? known({}, me4) : optional({ anyState: true }, me3)
)

/** The routes of the account itself. */
export const routes = Layer.mergeAll(
  accountRoute("GET", "users/:id", master({}, own)),
  accountRoute("GET", "me", me),
  accountRoute("PUT", "me", missingHere("changing the account's profile")),
  accountRoute("DELETE", "me", missingHere("deleting the account"))
)
