/** `/api/v1/users/{anything}`, `/api/v3/me` and `/api/v4/me`: the account itself (platform reference, §14.2 to §14.4). */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import * as Address from "../Address.ts"
import { type ApiKey, Auth } from "../Auth.ts"
import * as Params from "../Params.ts"
import { Refusal } from "../Refusal.ts"
import { Account } from "../users/Account.ts"
import { groupsOf } from "../users/Groups.ts"
import { Members } from "../users/Members.ts"
import { isPasswordOf } from "../users/password.ts"
import { readProfile } from "../users/readProfile.ts"
import { userData } from "../users/userData.ts"
import { privateForm } from "../users/userObject.ts"
import { accountRoute } from "./accountRoute.ts"
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

/** Why the account cannot be deleted, if it cannot. */
const undeletable = Effect.map(Account, ({ me, organization, owner }) =>
  organization !== undefined && me.id === owner.id ? "You can't delete the owner of an organization" : null
)

/** Nobody is told that a key is wrong: such a caller is anonymous, as is every regular key. */
const me3 = Effect.fnUntraced(function* (visit: Visit) {
  if (visit.key?.type !== "master") return json({ ...version, config: yield* config(visit) })
  const reason = yield* undeletable
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
    can_be_deleted: reason === null,
    cant_be_deleted_reason: reason,
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
  const { me, organization, owner } = yield* Account
  const base = Address.base(request)
  const isProfile = key.type === "master" || key.profile === true
  return json({
    username: me.username,
    organization:
      organization === undefined
        ? null
        : { name: organization.name, ...(isProfile ? { owner: { username: owner.username } } : {}) },
    api_endpoints: {
      sql: base,
      maps: base,
      import: base,
      auth: base,
      builder: base,
      ...(isProfile ? { maps_api_v2_template: null } : {})
    },
    ...(isProfile
      ? {
          region: null,
          groups: (yield* groupsOf(me)).map(({ display_name, name }) => ({ name, display_name })),
          avatar_url: me.profile.avatar_url ?? null,
          first_name: me.profile.name ?? null,
          last_name: me.profile.last_name ?? null
        }
      : {})
  })
})

/** The answer is the user as it is then. */
const change = Effect.fnUntraced(function* ({ params, request }: Visit<ApiKey>) {
  const account = yield* Account
  const changes = yield* readProfile(params.body.get("user"))
  return json(yield* privateForm(request, yield* account.update(account.me.id, changes)))
})

const notDeleted = (status: number, reason: string) =>
  new Refusal({ status, body: { message: `Error deleting user: ${reason}` } })

/** With all tables, maps and keys. Which of the two statuses means what the reference does not tell: our choice. */
const remove = Effect.fnUntraced(function* ({ params, request }: Visit<ApiKey>) {
  const account = yield* Account
  const password = Params.text(params, "deletion_password_confirmation")
  const reason = yield* undeletable
  if (reason !== null) return yield* notDeleted(401, reason)
  if (password === undefined) return yield* notDeleted(400, "Password confirmation is missing")
  if (!isPasswordOf(account.me, password)) return yield* notDeleted(401, "Password does not match")
  const base = Address.base(request)
  yield* (yield* Members).remove(account.me.id)
  return json({ logout_url: `${base}/logout` })
})

const me = Effect.flatMap(HttpRouter.params, (params) =>
  params.version === "v4" ? known({}, me4) : optional({ anyState: true }, me3)
)

/** The routes of the account itself. */
export const routes = Layer.mergeAll(
  accountRoute("GET", "users/:id", master({}, own)),
  accountRoute("GET", "me", me),
  accountRoute("PUT", "me", master({}, change)),
  accountRoute("DELETE", "me", master({}, remove))
)
