/** Users as they are printed: with the members and the spelling of the server, but for the keys. */
import type { ManagedUser } from "@effect-carto/core/User"
import type { UserChanges } from "@effect-carto/core/Users"
import * as Option from "effect/Option"
import * as Records from "../../Records.ts"

export const shape = Records.shape(
  [
    "username",
    "id",
    "email",
    "name",
    "last_name",
    "role_display",
    "viewer",
    "org_admin",
    "quota_in_bytes",
    "db_size_in_bytes",
    "table_count",
    "public_visualization_count",
    "all_visualization_count",
    "groups",
    "base_url",
    "avatar_url",
    "website",
    "description",
    "location",
    "company",
    "job_role",
    "soft_geocoding_limit"
  ],
  ["username", "email", "role_display", "org_admin", "quota_in_bytes", "db_size_in_bytes"]
)

/** Without the master key of the user, which this form holds. */
export const record = ({ api_key: _, ...user }: ManagedUser): Omit<ManagedUser, "api_key"> => user

export interface StandingInput {
  readonly quota: Option.Option<number>
  readonly viewer: Option.Option<boolean>
  readonly orgAdmin: Option.Option<boolean>
  readonly softGeocodingLimit: Option.Option<boolean>
  readonly softIsolinesLimit: Option.Option<boolean>
  readonly softRoutingLimit: Option.Option<boolean>
}

export const changes = (input: StandingInput): UserChanges => ({
  quota_in_bytes: Option.getOrUndefined(input.quota),
  viewer: Option.getOrUndefined(input.viewer),
  org_admin: Option.getOrUndefined(input.orgAdmin),
  soft_geocoding_limit: Option.getOrUndefined(input.softGeocodingLimit),
  soft_here_isolines_limit: Option.getOrUndefined(input.softIsolinesLimit),
  soft_mapzen_routing_limit: Option.getOrUndefined(input.softRoutingLimit)
})
