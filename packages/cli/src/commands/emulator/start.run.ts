/** The work of `carto emulator start`. */
import { Emulator, PgliteDatabase, PostgresDatabase } from "@effect-carto/emulator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { failure, usage } from "../../CommandError.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"

const shape = Records.shape(["address", "user", "key", "example"])

export interface StartInput {
  readonly port: number
  readonly dataDir: Option.Option<string>
  readonly databaseUrl: Option.Option<string>
  readonly organization: Option.Option<string>
}

const database = ({ databaseUrl, dataDir }: StartInput) =>
  Option.match(databaseUrl, {
    onNone: () => PgliteDatabase.layer({ dataDir: Option.getOrUndefined(dataDir) }),
    onSome: (url) => PostgresDatabase.layer({ url: Redacted.make(url) })
  })

const databaseAdvice = ({ databaseUrl, dataDir }: StartInput) =>
  Option.isSome(databaseUrl)
    ? "Check the address, the user and the password of --database-url, and that PostGIS is there."
    : Option.isSome(dataDir)
      ? "Give a --data-dir that you may write to and that nobody else uses."
      : undefined

/** Prints how to reach the account, then serves until it is interrupted. */
export const run = Effect.fnUntraced(function* (input: StartInput) {
  if (Option.isSome(input.dataDir) && Option.isSome(input.databaseUrl)) {
    return yield* usage("--data-dir and --database-url exclude each other.", "Data is kept in one place.")
  }
  yield* Output.note("Starting; the first start takes some seconds longer.")
  const organization = Option.getOrUndefined(Option.map(input.organization, (name) => ({ name })))
  const emulator = Emulator.layer({ port: input.port, organization }).pipe(Layer.provide(database(input)))
  yield* Effect.gen(function* () {
    const { masterKey, url, user } = yield* Emulator
    const key = Redacted.value(masterKey)
    const example = `CARTO_API_URL=${url} CARTO_API_KEY=${key} carto sql query "select postgis_version()"`
    const lines = [`address  ${url}`, `user     ${user}`, `key      ${key}`, `example  ${example}`]
    yield* Records.told(shape, lines, { address: url, user, key, example })
    yield* Output.note("Serving until Ctrl-C.")
    return yield* Effect.never
  }).pipe(
    Effect.provide(emulator),
    Effect.catchTags({
      DatabaseError: ({ hint, message }) =>
        Effect.fail(failure(`The emulator has no database: ${message}`, hint ?? databaseAdvice(input))),
      ServeError: ({ cause }) =>
        Effect.fail(
          failure(
            `The emulator cannot serve: ${cause instanceof Error ? cause.message : String(cause)}`,
            "Choose another --port; without it a free one is taken."
          )
        )
    })
  )
})
