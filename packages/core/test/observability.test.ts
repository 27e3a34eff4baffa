/** What an operator sees: each wait with its reason, a span and a metric for every call. */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Fiber, Layer, Logger, Metric, Redacted, References, Tracer } from "effect"
import { HttpClientRequest } from "effect/http"
import { RateLimiter } from "effect/persistence"
import { TestClock } from "effect/testing"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import { Sql } from "../src/Sql.ts"
import { HttpMock, type Reply } from "./HttpMock.ts"

const key = Redacted.make("key-of-alice")
const url = "https://alice.carto.com"
const limited: Reply = { status: 429, headers: { "retry-after": "4" }, body: { error: ["over"], detail: "rate-limit" } }
const good: Reply = { body: { rows: [], time: 0, fields: {}, total_rows: 0 } }

const layer = (replies: ReadonlyArray<Reply> | ((seen: unknown, index: number) => Reply)) =>
  Sql.layer().pipe(
    Layer.provideMerge(CartoClient.layer()),
    Layer.provide(Auth.layer({ url, apiKey: key })),
    Layer.provideMerge(HttpMock.layer(replies))
  )

const logged = Effect.fnUntraced(function* <A, E, R>(self: Effect.Effect<A, E, R>) {
  const lines: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    lines.push(`${logLevel} ${Array.isArray(message) ? message.join(" ") : String(message)}`)
  })
  yield* Effect.provide(self, Logger.layer([logger]))
  return lines
})

describe("waits", () => {
  it.effect("are logged at info level with their reason", () =>
    Effect.gen(function* () {
      const lines = yield* logged(
        Effect.gen(function* () {
          const sql = yield* Sql
          const fiber = yield* Effect.forkChild(sql.query()`select 1`)
          yield* TestClock.adjust("4 seconds")
          yield* Fiber.join(fiber)
        })
      )
      assert.deepStrictEqual(lines, ["Info Waiting 4s before attempt 2 of Sql.query: over"])
    }).pipe(Effect.provide(layer([limited, good])))
  )
})

describe("calls", () => {
  it.effect("have a span with their name, and the request below it", () =>
    Effect.gen(function* () {
      const names: Array<string> = []
      const tracer = Tracer.make({
        span: (options) => {
          names.push(options.name)
          return new Tracer.NativeSpan(options)
        }
      })
      const sql = yield* Sql
      yield* Effect.withTracer(sql.query()`select 1`, tracer)
      assert.deepStrictEqual(names, ["Sql.query", "POST"])
    }).pipe(Effect.provide(layer([good])))
  )

  it.effect("are counted by operation and outcome", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      yield* sql.query()`select 1`
      yield* Effect.exit(sql.query()`select 2`)
      const snapshot = yield* Metric.snapshot
      const counts = snapshot
        .filter(({ id }) => id === "carto_requests")
        .map(({ attributes, state }) => [attributes?.outcome, "count" in state ? Number(state.count) : 0])
        .sort()
      assert.deepStrictEqual(counts, [
        ["SqlError", 1],
        ["ok", 1]
      ])
    }).pipe(
      Effect.provide(layer([good, { status: 400, body: { error: ["no"] } }])),
      Effect.provideService(Metric.MetricRegistry, new Map())
    )
  )
})

describe("a shared rate limiter", () => {
  it.effect("keeps two clients below one account's limit", () =>
    Effect.gen(function* () {
      const replies = (_: unknown, index: number): Reply => ({
        ...good,
        headers: {
          "carto-rate-limit-limit": "2",
          "carto-rate-limit-remaining": String(Math.max(0, 1 - index)),
          "carto-rate-limit-reset": String(Math.min(20, 10 * (index + 1)))
        }
      })
      const mock = yield* Layer.build(HttpMock.layer(replies))
      const client = CartoClient.layer().pipe(Layer.provide(Auth.layer({ url, apiKey: key })), Layer.fresh)
      const request = HttpClientRequest.get("/api/v2/sql")
      const call = Effect.flatMap(CartoClient, (carto) => carto.text("Test", request, { group: "query" }))
      const program = Effect.gen(function* () {
        const first = yield* Layer.build(client)
        const second = yield* Layer.build(client)
        for (const which of [first, second, first, second]) yield* Effect.provide(call, which)
      }).pipe(Effect.provide(mock))
      const fiber = yield* Effect.forkChild(program)
      yield* TestClock.adjust("2 minutes")
      yield* Fiber.join(fiber)
      const seen = yield* Effect.provide(
        Effect.flatMap(HttpMock, (mock) => mock.seen),
        mock
      )
      const at = seen.map((entry) => entry.at)
      assert.deepStrictEqual(at.slice(0, 2), [0, 0])
      assert.isAtLeast(at[3] ?? 0, 15_000)
    }).pipe(Effect.provide(RateLimiter.layer.pipe(Layer.provide(RateLimiter.layerStoreMemory))))
  )
})

describe("credentials", () => {
  const built = <A, E>(auth: Layer.Layer<A, E>) => logged(Effect.scoped(Layer.build(auth)))

  it.effect("that would travel in the open are warned of", () =>
    Effect.gen(function* () {
      const lines = yield* built(Auth.layer({ url: "http://alice.carto.com", apiKey: key }))
      assert.deepStrictEqual(lines, ["Warn The key travels unencrypted to http://alice.carto.com; use https."])
      assert.deepStrictEqual(yield* built(Auth.layer({ url: "http://localhost:1/user/alice", apiKey: key })), [])
      assert.deepStrictEqual(yield* built(Auth.layer({ url: "http://alice.carto.com" })), [])
    }).pipe(Effect.provideService(References.MinimumLogLevel, "Trace"))
  )

  it.effect("come from carto-python's variables", () =>
    Effect.gen(function* () {
      const { account, apiKey } = yield* Auth
      assert.strictEqual(account.organization, "acme")
      assert.strictEqual(account.user, "bob")
      assert.deepStrictEqual(
        (yield* apiKey).pipe((found) => (found._tag === "Some" ? Redacted.value(found.value) : undefined)),
        "secret"
      )
    }).pipe(
      Effect.provide(
        Auth.layerConfig.pipe(
          Layer.provide(
            ConfigProvider.layer(
              ConfigProvider.fromUnknown({
                CARTO_API_URL: "https://maps.example.org/user/bob",
                CARTO_API_KEY: "secret",
                CARTO_ORG: "acme"
              })
            )
          )
        )
      )
    )
  )

  it.effect("may be missing: nothing is sent then, and the server answers as to the public", () =>
    Effect.gen(function* () {
      const carto = yield* CartoClient
      yield* carto.text("Test", HttpClientRequest.get("/x"))
      const [seen] = yield* Effect.flatMap(HttpMock, (mock) => mock.seen)
      assert.isUndefined(seen?.headers.authorization)
      assert.strictEqual(seen?.url, "https://alice.carto.com/x")
    }).pipe(
      Effect.provide(
        CartoClient.layer().pipe(
          Layer.provide(
            Auth.layerConfig.pipe(
              Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ CARTO_API_URL: url })))
            )
          ),
          Layer.provideMerge(HttpMock.layer([good]))
        )
      )
    )
  )

  it.effect("go into the parameter where an endpoint looks only there", () =>
    Effect.gen(function* () {
      const carto = yield* CartoClient
      yield* carto.text("Test", HttpClientRequest.get("/api/v4/kuviz"), { credential: "parameter" })
      const [seen] = yield* Effect.flatMap(HttpMock, (mock) => mock.seen)
      assert.strictEqual(seen?.url, "https://alice.carto.com/api/v4/kuviz?api_key=key-of-alice")
      assert.isUndefined(seen?.headers.authorization)
    }).pipe(Effect.provide(layer([good])))
  )
})
