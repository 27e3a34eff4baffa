/** Where profiles have their keys: in the keychain, or where there is none beside the rest in the file of profiles. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { CommandError } from "./CommandError.ts"
import type { Credentials } from "./Credentials.ts"
import { Keychain } from "./Keychain.ts"
import { find, type Profile, Profiles } from "./Profile.ts"

/** The profile with the key, as it is to be written into the file. */
export const withKey = Effect.fnUntraced(function* (
  profile: Profile,
  name: string,
  apiKey: Option.Option<Redacted.Redacted>
): Effect.fn.Return<Profile, never, Keychain> {
  const keychain = yield* Keychain
  if (Option.isNone(apiKey)) return profile
  return (yield* keychain.save(name, apiKey.value))
    ? { ...profile, keychain: true }
    : { ...profile, apiKey: apiKey.value }
})

/** Gives the account's profile another key, and its name; none where the account's key is no profile's. */
export const follow = Effect.fnUntraced(function* (
  { apiKey: used, profile: name }: Credentials,
  apiKey: Redacted.Redacted
): Effect.fn.Return<string | undefined, CommandError, Keychain | Profiles> {
  if (used === undefined || name === undefined) return undefined
  const profiles = yield* Profiles
  const keychain = yield* Keychain
  const stored = yield* profiles.read
  const before = Option.getOrUndefined(find(stored, name))
  if (before === undefined) return undefined
  const saved = before.keychain === true ? yield* keychain.find(name) : Option.fromUndefinedOr(before.apiKey)
  // CARTO_API_KEY goes before the key of the profile.
  if (!Option.exists(saved, (key) => Redacted.value(key) === Redacted.value(used))) return undefined
  const { apiKey: _, keychain: __, ...open } = before
  const after = yield* withKey(open, name, Option.some(apiKey))
  yield* profiles.write({ ...stored, profiles: { ...stored.profiles, [name]: after } })
  return name
})
