/** The work of `carto auth list`. */
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RowFormat } from "../../format/rowFormats.ts"
import { type Profile, Profiles } from "../../Profile.ts"
import * as Records from "../../Records.ts"

const shape = Records.shape(["name", "current", "address", "organization", "key"])

const keptIn = ({ apiKey, keychain }: Profile): string =>
  keychain === true ? "in the keychain" : apiKey === undefined ? "none, public data only" : "saved"

export const run = Effect.fnUntraced(function* (input: { readonly format: Option.Option<RowFormat> }) {
  const profiles = yield* Profiles
  const stored = yield* profiles.read
  const records = Object.entries(stored.profiles).map(([name, profile]) => ({
    name,
    current: name === stored.current,
    address: profile.url,
    organization: profile.organization,
    key: keptIn(profile)
  }))
  yield* Records.list(shape, Stream.fromIterable(records), input.format)
})
