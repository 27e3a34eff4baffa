/** Tokens of keys and passwords of users are where one asked for them, redacted, and in nothing else. */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Logger, Redacted, References, Schema, Stream, Tracer } from "effect"
import { sql } from "../src/ApiKeyGrants.ts"
import { ApiKeys } from "../src/ApiKeys.ts"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import { DataObservatory } from "../src/DataObservatory.ts"
import { Kuviz } from "../src/Kuviz.ts"
import { KuvizId } from "../src/KuvizPage.ts"
import { Users } from "../src/Users.ts"
import { apiKey, keyList, kuviz, managedUser, ownAccount } from "./fixtures/account.ts"
import { HttpMock, type Reply, type Seen } from "./HttpMock.ts"

const Secret = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{12,40}$/))

const Pick = Schema.Struct({
  body: Schema.Literals([0, 1, 2, 3, 4, 5, 6, 7, 8]),
  status: Schema.Literals([200, 200, 201, 400, 401, 403, 404, 410, 422, 429, 500, 502])
})

/** Good answers hold tokens; broken ones do, too. */
const held = (address: string, secret: string): ReadonlyArray<object> => {
  if (address.includes("/api_keys")) {
    const key = { ...apiKey, token: secret }
    return [key, keyList([key]), { ...key, grants: secret }]
  }
  if (address.includes("/kuviz")) return [{ visualizations: [kuviz], total_entries: 1 }, kuviz]
  if (address.includes("/do/")) return [{ access_token: secret }, { access_token: secret, bq_project: 7 }]
  const account = { ...ownAccount, api_key: secret, google_maps_private_key: secret }
  const user = { ...managedUser, api_key: secret }
  return [account, { user_data: account }, { ...account, username: 7 }, user, [user]]
}

/** Refusals repeat what they were sent, in the shapes that servers have for it. */
const reply =
  (secret: string, picks: ReadonlyArray<typeof Pick.Type>) =>
  ({ body: sent, headers, url }: Seen, index: number): Reply => {
    const { body, status } = picks[index % picks.length] ?? { body: 0, status: 200 }
    const answers = held(url, secret)
    if (status < 400) return { status, body: answers[body % answers.length] ?? {} }
    const echo = `wrong: ${sent} ${headers.authorization}`
    return { status, body: [echo, { errors: [echo] }, { error: echo }, [echo], { message: echo }][body % 5] ?? "" }
  }

const observed = Effect.fnUntraced(function* (secret: string, script: (seen: Seen, index: number) => Reply) {
  const said: Array<string> = []
  const look = (value: unknown) => {
    said.push(String(value), inspect(value, { depth: 12 }), JSON.stringify(value) ?? "")
  }
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      const attribute = span.attribute.bind(span)
      span.attribute = (name, value) => {
        look([name, String(value)])
        attribute(name, value)
      }
      look(span.name)
      return span
    }
  })
  const logger = Logger.make(({ cause, message }) => {
    said.push(inspect(message, { depth: 12 }), Cause.pretty(cause))
  })
  const hidden = Redacted.make(secret)
  const services = Layer.mergeAll(ApiKeys.layer(), Users.layer(), Kuviz.layer(), DataObservatory.layer()).pipe(
    Layer.provide(CartoClient.layer({ retries: 1, maxElapsed: "1 millis" })),
    Layer.provide(Auth.layer({ url: "http://alice.carto.com", apiKey: Redacted.make("the-key-of-alice") })),
    Layer.provide(HttpMock.layer(script))
  )
  const organization = "acme"
  const program = Effect.gen(function* () {
    const keys = yield* ApiKeys
    const users = yield* Users
    const pages = yield* Kuviz
    const { token } = yield* DataObservatory
    const runs: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
      keys.create("a", [sql]),
      keys.get("a"),
      Stream.runCollect(keys.list()),
      keys.check(hidden),
      keys.regenerate("a"),
      users.account,
      users.dashboard,
      users.listManaged({ organization }),
      users.update("carol", { password: hidden }, { organization }),
      users.updateMe({ newPassword: hidden }, hidden),
      users.create({ username: "c", email: "c@example.test", password: hidden }, { organization, timeout: 1 }),
      pages.create("a", "<html>", { password: hidden }),
      pages.update(KuvizId.make(kuviz.id), { password: hidden }),
      token
    ]
    for (const run of runs) {
      const exit = yield* Effect.exit(run)
      look(exit)
      if (Exit.isFailure(exit)) yield* Effect.logError("failed", exit.cause)
      else look(exit.value)
    }
  })
  yield* program.pipe(
    Effect.provide(services.pipe(Layer.provideMerge(Logger.layer([logger])))),
    Effect.provideService(References.MinimumLogLevel, "Trace"),
    Effect.withTracer(tracer),
    Effect.scoped
  )
  return said
})

describe("tokens and passwords", () => {
  it.live.prop(
    "never appear in a log, a span, an error, a value that is shown or a JSON of anything",
    { secret: Secret, picks: Schema.NonEmptyArray(Pick) },
    Effect.fnUntraced(function* ({ picks, secret }) {
      const said = yield* observed(secret, reply(secret, picks))
      assert.isAbove(said.length, 20)
      for (const text of said) {
        for (const form of [secret, btoa(`alice:${secret}`)]) {
          assert.isFalse(text.includes(form), `${form} in ${text.slice(0, 2000)}`)
        }
      }
    }),
    { arbitrary: { runs: 100 }, timeout: 60_000 }
  )
})
