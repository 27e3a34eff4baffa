/** The organization as its members see it (platform reference, §14.6). */
import * as Effect from "effect/Effect"
import { ownHome } from "../Auth.ts"
import { Database } from "../Database.ts"
import { Account } from "./Account.ts"
import { groupsOf } from "./Groups.ts"
import type { Organization } from "./Person.ts"

/** The quota that no member has yet. */
export const unassignedQuota = Effect.fnUntraced(function* ({ quotaInBytes }: Organization) {
  const { names, owner } = yield* Account
  const [row] = yield* (yield* Database).rows(`select cartodb._cdb_userquotainbytes('${ownHome.schema}') as quota`)
  const others = (yield* names).filter(({ id }) => id !== owner.id)
  return others.reduce((left, person) => left - person.quota_in_bytes, quotaInBytes - Number(row?.quota))
})

export const organizationObject = Effect.fnUntraced(function* (organization: Organization) {
  const { owner, people: members } = yield* Account
  const people = yield* members
  const created = new Date(organization.createdAt).toISOString()
  return {
    id: organization.id,
    name: organization.name,
    display_name: null,
    description: null,
    discus_shortname: null,
    twitter_username: null,
    location: null,
    website: null,
    admin_email: owner.email,
    avatar_url: null,
    created_at: created,
    updated_at: created,
    owner: {
      id: owner.id,
      username: owner.username,
      avatar_url: owner.profile.avatar_url ?? null,
      email: owner.email,
      groups: yield* groupsOf(owner)
    },
    admins: people.filter(({ org_admin }) => org_admin).map(({ id }) => ({ id })),
    quota_in_bytes: organization.quotaInBytes,
    unassigned_quota: yield* unassignedQuota(organization),
    geocoding_quota: null,
    here_isolines_quota: null,
    mapzen_routing_quota: null,
    map_views_quota: null,
    twitter_datasource_quota: null,
    here_isolines_block_price: null,
    mapzen_routing_block_price: null,
    map_view_block_price: null,
    geocoding_block_price: null,
    geocoder_provider: null,
    isolines_provider: null,
    routing_provider: null,
    seats: organization.seats,
    viewer_seats: organization.viewerSeats,
    user_count: people.length,
    password_expiration_in_d: null,
    random_saml_username: false
  }
})
