/** The small user object, inside of lists, permissions and visualizations (platform reference, §14.1). */
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Redacted from "effect/Redacted"
import * as Address from "../Address.ts"
import { ownHome } from "../Auth.ts"
import { Account } from "./Account.ts"
import type { Person, Profile } from "./Person.ts"
import { sizeOf, usageOf } from "./usage.ts"

/** The address of another user, in the form that the request has. */
const baseOf = (request: HttpServerRequest.HttpServerRequest, me: string, username: string): string => {
  const base = Address.base(request)
  const end = `/${me}`
  return base.endsWith(end) ? `${base.slice(0, -me.length)}${username}` : base.replace(`//${me}.`, `//${username}.`)
}

export const roleOf = ({ viewer }: Person): string => (viewer ? "viewer" : "builder")

/** What a person never told is null. */
export const wholeProfile = (told: Profile) => ({
  name: told.name ?? null,
  last_name: told.last_name ?? null,
  avatar_url: told.avatar_url ?? null,
  website: told.website ?? null,
  description: told.description ?? null,
  location: told.location ?? null,
  twitter_username: told.twitter_username ?? null,
  disqus_shortname: told.disqus_shortname ?? null,
  available_for_hire: told.available_for_hire ?? false,
  industry: told.industry ?? null,
  company_employees: told.company_employees ?? null,
  use_case: told.use_case ?? null,
  company: told.company ?? null,
  phone: told.phone ?? null,
  job_role: told.job_role ?? null
})

/** The schema of a person's tables. */
export const schemaOf = (owner: Person, { id, username }: Person): string =>
  id === owner.id ? ownHome.schema : username

/** What everybody may see of a user. */
export const publicForm = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest, person: Person) {
  const { me, organization } = yield* Account
  const profile = wholeProfile(person.profile)
  return {
    id: person.id,
    username: person.username,
    name: profile.name,
    last_name: profile.last_name,
    avatar_url: profile.avatar_url,
    base_url: baseOf(request, me.username, person.username),
    google_maps_query_string: null,
    disqus_shortname: profile.disqus_shortname,
    viewer: person.viewer,
    org_admin: person.org_admin,
    org_user: organization !== undefined,
    remove_logo: false
  }
})

/** What the user and the administrators of its organization see. */
export const privateForm = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest, person: Person) {
  const { owner } = yield* Account
  const { id, ...open } = yield* publicForm(request, person)
  const profile = wholeProfile(person.profile)
  const used = yield* usageOf(schemaOf(owner, person))
  return {
    id,
    name: open.name,
    last_name: open.last_name,
    username: open.username,
    email: person.email,
    avatar_url: open.avatar_url,
    website: profile.website,
    description: profile.description,
    location: profile.location,
    twitter_username: profile.twitter_username,
    disqus_shortname: open.disqus_shortname,
    available_for_hire: profile.available_for_hire,
    base_url: open.base_url,
    google_maps_query_string: open.google_maps_query_string,
    quota_in_bytes: used.quota,
    table_count: used.tables,
    viewer: open.viewer,
    role_display: roleOf(person),
    org_admin: open.org_admin,
    public_visualization_count: used.publicVisualizations,
    all_visualization_count: used.visualizations,
    org_user: open.org_user,
    remove_logo: open.remove_logo
  }
})

/** The object of the organization's user management: without `id`, with the user's master key. */
export const managedForm = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest, person: Person) {
  const { owner } = yield* Account
  const { id: _id, ...form } = yield* privateForm(request, person)
  const profile = wholeProfile(person.profile)
  return {
    ...form,
    db_size_in_bytes: yield* sizeOf(schemaOf(owner, person)),
    industry: profile.industry,
    company_employees: profile.company_employees,
    use_case: profile.use_case,
    company: profile.company,
    phone: profile.phone,
    job_role: profile.job_role,
    soft_geocoding_limit: person.soft_geocoding_limit,
    api_key: person.api_key === null ? null : Redacted.value(person.api_key)
  }
})
