/** A key is in the request, and in nothing else: whatever the server answers, whatever fails, whoever looks. */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Logger, Redacted, References, Schema, Stream, Tracer } from "effect"
import { HttpClientRequest } from "effect/http"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import * as MapConfig from "../src/MapConfig.ts"
import * as MapLayer from "../src/MapLayer.ts"
import * as MapTemplate from "../src/MapTemplate.ts"
import { NamedMaps } from "../src/NamedMaps.ts"
import { Sql } from "../src/Sql.ts"
import { SqlCopy } from "../src/SqlCopy.ts"
import { HttpMock, type Reply } from "./HttpMock.ts"

const Key = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{12,40}$/))

const Pick = Schema.Struct({
  broken: Schema.Boolean,
  echo: Schema.Literals([0, 1, 2, 3, 4]),
  body: Schema.Literals([0, 1, 2, 3, 4, 5, 6, 7, 8]),
  headers: Schema.Literals([0, 1, 2, 3]),
  status: Schema.Literals([200, 301, 400, 401, 403, 404, 410, 422, 429, 431, 500, 502, 503])
})

/** What servers and proxies do with what they were sent: repeat it, in every form, in every place. */
const reply = (secret: string, pick: typeof Pick.Type): Reply => {
  const basic = btoa(`alice:${secret}`)
  const echo = [
    secret,
    encodeURIComponent(secret),
    `Basic ${basic}`,
    basic,
    `Cannot GET /api/v2/sql?q=x&api_key=${secret}&b=1`
  ][pick.echo]
  if (pick.broken) return { error: { code: "ECONNRESET", message: echo ?? "" } }
  const body = [
    echo,
    { error: [echo], hint: echo, detail: echo },
    { errors: echo },
    { errors: { imports: echo } },
    { rows: [], error: [echo] },
    { rows: echo },
    `<html><head><title>${echo}</title></head><body>${echo}</body></html>`,
    `{"rows":[{"a":1}],"time":1,"fields":{},"total_rows":1,"error":["${echo}"]}`,
    `1\t2\n{"error":["${echo}"]}`
  ][pick.body]
  const headers = [
    {},
    { location: `https://evil.example/?api_key=${secret}` },
    { location: `/x?api_key=${secret}` },
    { "retry-after": secret, "x-echo": basic, "content-type": "text/html" }
  ][pick.headers]
  return { status: pick.status, body: body ?? "", headers: headers ?? {} }
}

const observed = Effect.fnUntraced(function* (
  secret: string,
  replies: ReadonlyArray<Reply>,
  credential: "header" | "parameter" | "token"
) {
  const said: Array<string> = []
  const look = (value: unknown) => {
    said.push(String(value), inspect(value, { depth: 12, showHidden: false }))
    try {
      said.push(JSON.stringify(value) ?? "")
    } catch {
      // bigints and cycles have no JSON
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
  const hidden = Redacted.make(secret)
  const isToken = credential === "token"
  const auth = Auth.layer({ url: "http://alice.carto.com", apiKey: isToken ? undefined : hidden })
  const services = Layer.mergeAll(Sql.layer(), SqlCopy.layer(), NamedMaps.layer()).pipe(
    Layer.provideMerge(CartoClient.layer({ retries: 1, maxElapsed: "1 millis" })),
    Layer.provideMerge(auth),
    Layer.provideMerge(HttpMock.layer(replies))
  )
  const program = Effect.gen(function* () {
    const carto = yield* CartoClient
    const sql = yield* Sql
    const copy = yield* SqlCopy
    const maps = yield* NamedMaps
    look(carto)
    look(yield* Auth)
    const template = MapTemplate.make("t", MapConfig.make([MapLayer.mapnik("select 1")]), {
      auth: MapTemplate.tokens(hidden)
    })
    const runs: ReadonlyArray<Effect.Effect<unknown, unknown>> = isToken
      ? [
          maps.instantiate(template, { authToken: hidden }),
          maps.tile("t", 0, { z: 0, x: 0, y: 0 }, { authToken: hidden }),
          maps.create(template),
          maps.apply(template)
        ]
      : [
          carto.text("Test.text", HttpClientRequest.get("/api/v4/me"), { credential, group: "query" }),
          sql.query()`select 1`,
          Stream.runDrain(sql.stream()`select 1`),
          Stream.runDrain(copy.to("t")),
          copy.from("t", Stream.make(new Uint8Array([49, 10]))),
          maps.list
        ]
    for (const run of runs) {
      const exit = yield* Effect.exit(run)
      if (Exit.isFailure(exit)) {
        look(exit)
        look(Cause.pretty(exit.cause))
        for (const reason of exit.cause.reasons) look(reason._tag === "Fail" ? reason.error : reason)
        yield* Effect.logError("failed", exit.cause)
      }
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

describe("a key", () => {
  it.live.prop(
    "never appears in a log, a span, an error, a text or a JSON of anything",
    { secret: Key, picks: Schema.NonEmptyArray(Pick), credential: Schema.Literals(["header", "parameter", "token"]) },
    Effect.fnUntraced(function* ({ credential, picks, secret }) {
      const said = yield* observed(
        secret,
        picks.map((pick) => reply(secret, pick)),
        credential
      )
      assert.isAbove(said.length, 5)
      for (const text of said) {
        for (const form of credential === "token" ? [secret] : [secret, btoa(`alice:${secret}`)]) {
          assert.isFalse(text.includes(form), `${form} in ${text.slice(0, 2000)}`)
        }
      }
    }),
    { arbitrary: { runs: 200 }, timeout: 60_000 }
  )
})
