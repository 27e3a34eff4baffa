/** What commands about users have in common. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import { parseBytes } from "../../format/Quantity.ts"

export const username = Argument.String("USERNAME").pipe(
  Argument.filter(
    (text) => text !== "",
    () => "the name of a user"
  ),
  Argument.withDescription("The user's name")
)

export const organization = Flag.String("organization").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription("The name or the id of the organization; default: the account's own"),
  Flag.optional
)

/** What can be given to a member, and changed later. */
export const standing = {
  quota: Flag.String("quota").pipe(
    Flag.filterMap(parseBytes, (text) => `an amount such as 500MB, 2GB or 104857600, not ${JSON.stringify(text)}`),
    Flag.withMetavar("BYTES"),
    Flag.withDescription(
      "Storage, of what the organization has left: bytes, or 50MB, 2GB; powers of 1000, MiB of 1024"
    ),
    Flag.optional
  ),
  viewer: Flag.Boolean("viewer").pipe(Flag.withDescription("Only reads, and takes a seat for viewers"), Flag.optional),
  orgAdmin: Flag.Boolean("org-admin").pipe(Flag.withDescription("Administers the organization"), Flag.optional),
  softGeocodingLimit: Flag.Boolean("soft-geocoding-limit").pipe(
    Flag.withDescription("May geocode beyond the quota, at a price"),
    Flag.optional
  ),
  softIsolinesLimit: Flag.Boolean("soft-isolines-limit").pipe(
    Flag.withDescription("May compute isolines beyond the quota, at a price"),
    Flag.optional
  ),
  softRoutingLimit: Flag.Boolean("soft-routing-limit").pipe(
    Flag.withDescription("May compute routes beyond the quota, at a price"),
    Flag.optional
  )
} as const
