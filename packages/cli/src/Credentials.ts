/** Which account a command works on, and where that was said. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import { authentication, type CommandError, usage } from "./CommandError.ts"
import { Keychain } from "./Keychain.ts"
import { find, Profiles, type Stored } from "./Profile.ts"
import { Settings } from "./Settings.ts"

export interface Credentials {
  readonly url: string
  readonly organization?: string | undefined
  readonly apiKey?: Redacted.Redacted | undefined
  /** Of the profile, when one was used. */
  readonly profile?: string | undefined
  /** For people: `profile ada`, or the variables that were read. */
  readonly source: string
}

const environment = Config.all({
  url: Config.option(Config.NonEmptyString("CARTO_API_URL")),
  apiKey: Config.option(Config.Redacted("CARTO_API_KEY")),
  organization: Config.option(Config.NonEmptyString("CARTO_ORG"))
})

/**
 * `--profile` first, as who names an account means it; then the environment; then the current profile. A saved key
 * goes to its own address only, so that a foreign CARTO_API_URL never receives it.
 */
export const credentials: Effect.Effect<Credentials, CommandError, Keychain | Profiles | Settings> = Effect.gen(
  function* () {
    const settings = yield* Settings
    const profiles = yield* Profiles
    if (Option.isSome(settings.profile)) return yield* unlocked(yield* profiles.read, settings.profile.value)
    const variables = yield* Effect.mapError(environment, (error) => usage(error.message))
    if (Option.isSome(variables.url)) {
      return {
        url: variables.url.value,
        organization: Option.getOrUndefined(variables.organization),
        apiKey: Option.getOrUndefined(variables.apiKey),
        source: Option.isSome(variables.apiKey) ? "CARTO_API_URL and CARTO_API_KEY" : "CARTO_API_URL"
      }
    }
    const stored = yield* profiles.read
    if (stored.current === undefined) return yield* notLoggedIn()
    const organization = Option.isSome(variables.organization) ? { organization: variables.organization.value } : {}
    if (Option.isNone(variables.apiKey)) return { ...(yield* unlocked(stored, stored.current)), ...organization }
    const current = yield* named(stored, stored.current)
    const source = `${current.source}, with CARTO_API_KEY`
    return { ...current, ...organization, apiKey: variables.apiKey.value, source }
  }
)

/** Those of a profile, whatever account the command itself works on. */
export const ofProfile = Effect.fnUntraced(function* (name: string) {
  const profiles = yield* Profiles
  return yield* unlocked(yield* profiles.read, name)
})

const notLoggedIn = () =>
  authentication("There is no account to work with.", "Run carto auth login, or set CARTO_API_URL and CARTO_API_KEY.")

/** The profile of a name; the error names the ones that exist. */
export const named = (stored: Stored, name: string): Effect.Effect<Credentials, CommandError> =>
  Option.match(find(stored, name), {
    onNone: () => Effect.fail(unknownProfile(stored, name)),
    onSome: (profile) => Effect.succeed({ ...profile, profile: name, source: `profile ${name}` })
  })

/** The same with its key, wherever that is kept. */
const unlocked = Effect.fnUntraced(function* (stored: Stored, name: string) {
  const found = yield* named(stored, name)
  if (Option.exists(find(stored, name), ({ keychain }) => keychain !== true)) return found
  const apiKey = yield* (yield* Keychain).find(name)
  return Option.isSome(apiKey)
    ? { ...found, apiKey: apiKey.value }
    : yield* authentication(
        `The keychain does not give the key of profile ${name}.`,
        "Unlock it, or log in again with carto auth login."
      )
})

const unknownProfile = (stored: Stored, name: string): CommandError => {
  const known = Object.keys(stored.profiles)
  return usage(
    `There is no profile ${JSON.stringify(name)}.`,
    known.length === 0 ? "None is saved yet; run carto auth login." : `Known profiles: ${known.join(", ")}.`
  )
}
