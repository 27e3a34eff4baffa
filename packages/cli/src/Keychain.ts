/** The operating system's place for secrets: Keychain of macOS, Credential Manager of Windows, Secret Service of Linux. */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

export class Keychain extends Context.Service<
  Keychain,
  {
    /** Whether it was saved: many machines have no such place, or it is locked. */
    readonly save: (profile: string, key: Redacted.Redacted) => Effect.Effect<boolean>
    readonly find: (profile: string) => Effect.Effect<Option.Option<Redacted.Redacted>>
    /** What is not there is no failure. */
    readonly remove: (profile: string) => Effect.Effect<void>
  }
>()("carto-cli/Keychain") {
  /** `CARTO_KEYCHAIN=off` leaves it alone, for scripts and tests. */
  static readonly layer = Layer.effect(
    Keychain,
    Effect.suspend(() => Effect.map(isOff, (off) => (off ? none : system)))
  )
}

const isOff = Effect.orDie(
  Config.String("CARTO_KEYCHAIN").pipe(
    Config.map((value) => value === "off"),
    Config.withDefault(false)
  )
)

const none = Keychain.of({
  save: () => Effect.succeed(false),
  find: () => Effect.succeed(Option.none()),
  remove: () => Effect.void
})

/** The system may ask the user to unlock it. */
const patience = "1 minute"

/** The kernel's own keyring would forget the key with the session, so Linux must have a Secret Service. */
const entry = async (profile: string) => {
  const { AsyncEntry } = await import("@napi-rs/keyring")
  return new AsyncEntry("carto", profile, { linux: { store: "secret-service" } })
}

type Entry = Awaited<ReturnType<typeof entry>>

const asked = <A>(
  profile: string,
  ask: (entry: Entry, signal: AbortSignal) => Promise<A>
): Effect.Effect<Option.Option<A>> =>
  Effect.tryPromise(async (signal) => ask(await entry(profile), signal)).pipe(
    Effect.timeout(patience),
    Effect.tapError((error) => Effect.logDebug(`The keychain cannot be used: ${error.message}`)),
    Effect.option
  )

const system = Keychain.of({
  save: (profile, key) =>
    Effect.map(
      asked(profile, (entry, signal) => entry.setPassword(Redacted.value(key), signal)),
      Option.isSome
    ),
  find: (profile) =>
    Effect.map(
      asked(profile, (entry, signal) => entry.getPassword(signal)),
      (found) => Option.map(Option.flatMap(found, Option.fromNullishOr), Redacted.make)
    ),
  remove: (profile) => Effect.asVoid(asked(profile, (entry, signal) => entry.deletePassword(signal)))
})
