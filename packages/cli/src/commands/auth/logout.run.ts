/** The work of `carto auth logout`. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import { authentication } from "../../CommandError.ts"
import { named } from "../../Credentials.ts"
import { guard } from "../../DryRun.ts"
import { Keychain } from "../../Keychain.ts"
import * as Output from "../../Output.ts"
import { find, Profiles, type Stored } from "../../Profile.ts"
import { Settings } from "../../Settings.ts"

export const run = Effect.fnUntraced(function* (input: { readonly name: Option.Option<string> }) {
  const { profile } = yield* Settings
  const profiles = yield* Profiles
  const stored = yield* profiles.read
  const name = Option.getOrUndefined(Option.orElse(input.name, () => profile)) ?? stored.current
  if (name === undefined) return yield* authentication("No profile is the current one.", "Name one of carto auth list.")
  yield* named(stored, name)
  const isCurrent = name === stored.current
  const { remove } = yield* Keychain
  const isInKeychain = Option.exists(find(stored, name), ({ keychain }) => keychain === true)
  yield* profiles
    .write(without(stored, name))
    .pipe(Effect.andThen(isInKeychain ? remove(name) : Effect.void), guard(`remove profile ${name}`))
  yield* Output.note(`removed profile ${name}${isCurrent ? "; none is the current one now" : ""}`)
})

const without = ({ current, profiles }: Stored, name: string): Stored => ({
  profiles: Record.remove(profiles, name),
  ...(current === undefined || current === name ? {} : { current })
})
