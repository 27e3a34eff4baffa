/** A connector's password is in the body of its request, and in nothing else: whatever the server answers. */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Logger, Redacted, References, Schema, Tracer } from "effect"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import { CartoError, RateLimitError } from "../src/CartoError.ts"
import * as Connector from "../src/Connector.ts"
import * as ImportSource from "../src/ImportSource.ts"
import { Imports } from "../src/Imports.ts"
import { scrub } from "../src/internal/scrub.ts"
import { HttpMock, type Reply } from "./HttpMock.ts"

const Password = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9 "'\\%&<>/_+é-]{10,30}$/))

const Pick = Schema.Struct({
  broken: Schema.Boolean,
  echo: Schema.Literals([0, 1, 2, 3]),
  body: Schema.Literals([0, 1, 2, 3, 4, 5, 6]),
  status: Schema.Literals([200, 400, 401, 403, 404, 413, 422, 429, 500, 502])
})

/** What a server does with a connector: repeats it, in an error, in the import, in a page. */
const reply = (secret: string, pick: typeof Pick.Type): Reply => {
  const echo = [
    secret,
    `cannot connect: password=${secret}; user=reader`,
    `https://reader:${encodeURIComponent(secret)}@db.example.test/?p=${new URLSearchParams([["p", secret]])}`,
    `${"x".repeat(480)}${secret}`
  ][pick.echo]
  if (pick.broken) return { error: { code: "ECONNRESET", message: echo ?? "" } }
  const body = [
    echo,
    { errors: { imports: echo } },
    { item_queue_id: "i1", success: true },
    { id: "i1", state: "failure", error_code: 1500, get_error_text: { title: echo, what_about: echo, source: echo } },
    { id: "i1", state: 7, service_item_id: echo },
    { errors: { imports: `${echo} allowed 3 import slots` } },
    { imports: [echo], success: true }
  ][pick.body]
  return { status: pick.status, body: body ?? "" }
}

const observed = Effect.fnUntraced(function* (source: ImportSource.ImportSource, replies: ReadonlyArray<Reply>) {
  const said: Array<string> = []
  const look = (value: unknown) => {
    said.push(String(value), inspect(value, { depth: 12 }))
    try {
      said.push(JSON.stringify(value) ?? "")
    } catch {
      // cycles have no JSON
    }
  }
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      const attribute = span.attribute.bind(span)
      span.attribute = (name, value) => {
        look([name, value])
        attribute(name, value)
      }
      look([span.name, [...span.attributes]])
      return span
    }
  })
  const logger = Logger.make(({ cause, message }) => {
    look(message)
    look(Cause.pretty(cause))
  })
  look(source)
  const services = Imports.layer().pipe(
    Layer.provide(CartoClient.layer({ retries: 1, maxElapsed: "1 millis" })),
    Layer.provide(Auth.layer({ url: "https://alice.carto.com", apiKey: Redacted.make("key-of-alice") })),
    Layer.provide(HttpMock.layer(replies))
  )
  yield* Effect.gen(function* () {
    const imports = yield* Imports
    const runs: ReadonlyArray<Effect.Effect<unknown, CartoError>> = [
      imports.create(source),
      imports.run(source, { timeout: "400 millis" })
    ]
    for (const run of runs) {
      const exit = yield* Effect.exit(run)
      if (Exit.isSuccess(exit)) continue
      look(exit)
      look(Cause.pretty(exit.cause))
      for (const reason of exit.cause.reasons) look(reason._tag === "Fail" ? reason.error : reason)
      yield* Effect.logError("failed", exit.cause)
    }
  }).pipe(
    Effect.provide(services.pipe(Layer.provideMerge(Logger.layer([logger])))),
    Effect.provideService(References.MinimumLogLevel, "Trace"),
    Effect.withTracer(tracer)
  )
  return said
})

const sources: ReadonlyArray<(secret: string) => ImportSource.ImportSource> = [
  (secret) =>
    ImportSource.database(
      Connector.postgres({
        connection: { server: "s", database: "d", username: "u", password: Redacted.make(secret) },
        table: "t"
      })
    ),
  (secret) => ImportSource.database(Connector.generic("odbc", { connection: { Password: secret }, table: "t" })),
  (secret) => ImportSource.url(Redacted.make(`https://reader:${encodeURIComponent(secret)}@example.test/a.csv`))
]

describe("a connector's secret", () => {
  it.live.prop(
    "never appears in a log, a span, an error, a text or a JSON of anything",
    { secret: Password, picks: Schema.NonEmptyArray(Pick), source: Schema.Literals([0, 1, 2]) },
    Effect.fnUntraced(function* ({ picks, secret, source }) {
      const make = sources[source]
      if (make === undefined) return assert.fail()
      const said = yield* observed(
        make(secret),
        picks.map((pick) => reply(secret, pick))
      )
      assert.isAbove(said.length, 3)
      for (const text of said) {
        for (const form of [secret, encodeURIComponent(secret)]) {
          assert.isFalse(text.includes(form), `${form} in ${text.slice(0, 3000)}`)
        }
      }
    }),
    { arbitrary: { runs: 100 }, timeout: 120_000 }
  )
})

describe("scrub", () => {
  const error = (message: string) =>
    new CartoError({ operation: "Test.call", reason: new RateLimitError({ status: 429, message }) })

  it("leaves an error without secrets as it is", () => {
    const one = error("slow down")
    assert.strictEqual(scrub([])(one), one)
  })

  it("keeps kind, numbers and the rest of the text", () => {
    const clean = scrub([Redacted.make("hunter2-secret")])(error("no hunter2-secret here"))
    assert.instanceOf(clean.reason, RateLimitError)
    assert.deepStrictEqual([clean.status, clean.message], [429, "Test.call: no <redacted> here"])
  })

  it("takes what a text was cut in the middle of, too", () => {
    assert.strictEqual(scrub([Redacted.make("hunter2-secret")])(error("it was hunter2-se")).reason.message, "it was …")
  })
})
