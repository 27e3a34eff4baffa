/** The small user object, inside of lists, permissions and visualizations (platform reference, §14.1). */
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Redacted from "effect/Redacted"
import * as Address from "../Address.ts"
import { Auth } from "../Auth.ts"
import { Account } from "./Account.ts"
import type { Person } from "./Person.ts"
import { usage } from "./usage.ts"

/** The address of another user, in the form that the request has. */
const baseOf = (request: HttpServerRequest.HttpServerRequest, me: string, username: string): string => {
  const base = Address.base(request)
  const end = `/${me}`
  return base.endsWith(end) ? `${base.slice(0, -me.length)}${username}` : base.replace(`//${me}.`, `//${username}.`)
}

const role = ({ viewer }: Person): string => (viewer ? "viewer" : "builder")

/** What everybody may see of a user. */
export const publicForm = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest, person: Person) {
  const { me, organization } = yield* Account
  return {
    id: person.id,
    username: person.username,
    name: null,
    last_name: null,
    avatar_url: null,
    base_url: baseOf(request, me.username, person.username),
    google_maps_query_string: null,
    disqus_shortname: null,
    viewer: person.viewer,
    org_admin: person.org_admin,
    org_user: organization !== undefined,
    remove_logo: false
  }
})

/** What the user and the administrators of its organization see. */
export const privateForm = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest, person: Person) {
  const { me } = yield* Account
  const { id, ...open } = yield* publicForm(request, person)
  const used = person.id === me.id ? yield* usage : undefined
  return {
    id,
    name: open.name,
    last_name: open.last_name,
    username: open.username,
    email: person.email,
    avatar_url: open.avatar_url,
    website: null,
    description: null,
    location: null,
    twitter_username: null,
    disqus_shortname: open.disqus_shortname,
    available_for_hire: false,
    base_url: open.base_url,
    google_maps_query_string: open.google_maps_query_string,
    quota_in_bytes: used?.quota ?? person.quota_in_bytes,
    table_count: used?.tables ?? 0,
    viewer: open.viewer,
    role_display: role(person),
    org_admin: open.org_admin,
    public_visualization_count: used?.publicVisualizations ?? 0,
    all_visualization_count: used?.visualizations ?? 0,
    org_user: open.org_user,
    remove_logo: open.remove_logo
  }
})

/** The object of the organization's user management: without `id`, with the user's master key. */
export const managedForm = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest, person: Person) {
  const { me } = yield* Account
  const { id: _id, ...form } = yield* privateForm(request, person)
  const own = person.id === me.id
  return {
    ...form,
    db_size_in_bytes: own ? (yield* usage).size : 0,
    industry: null,
    company_employees: null,
    use_case: null,
    company: null,
    phone: null,
    job_role: null,
    soft_geocoding_limit: person.soft_geocoding_limit,
    api_key: own ? Redacted.value((yield* Auth).master.token) : person.api_key
  }
})
