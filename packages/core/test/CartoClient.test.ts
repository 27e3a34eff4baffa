import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Exit, Fiber, Layer, Redacted, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { Auth } from "../src/Auth.ts"
import { CartoClient, type CartoClientOptions } from "../src/CartoClient.ts"
import { HttpMock, type Reply, type Seen } from "./HttpMock.ts"

const key = "s3cr3t-key-0123456789"

const layer = (
  replies: ReadonlyArray<Reply> | ((seen: Seen, index: number) => Reply),
  options?: CartoClientOptions & { readonly url?: string }
) =>
  CartoClient.layer(options).pipe(
    Layer.provide(
      Auth.layer({ url: options?.url ?? "https://alice.carto.com", apiKey: Redacted.make(key) }).pipe(Layer.orDie)
    ),
    Layer.provideMerge(HttpMock.layer(replies))
  )

const Answer = Schema.Struct({ ok: Schema.Boolean })
const get = HttpClientRequest.get("/api/v4/me")
const post = HttpClientRequest.post("/api/v2/sql")
const call = (request = get, operation = "Test.call") =>
  Effect.flatMap(CartoClient, (carto) => carto.json(operation, Answer, request, { group: "query" }))

const limited = (seconds: number): Reply => ({
  status: 429,
  headers: {
    "retry-after": String(seconds),
    "carto-rate-limit-limit": "3",
    "carto-rate-limit-remaining": "0",
    "carto-rate-limit-reset": "9"
  },
  body: { error: ["You are over platform's limits."], context: "limit", detail: "rate-limit" }
})
const good: Reply = { body: { ok: true } }
const times = Effect.map(
  Effect.flatMap(HttpMock, (mock) => mock.seen),
  (seen) => seen.map((entry) => entry.at)
)

describe("CartoClient", () => {
  it.effect("sends address, user agent, client and the key in the Basic header only", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* call(), { ok: true })
      const [seen] = yield* (yield* HttpMock).seen
      assert.strictEqual(seen?.url, "https://alice.carto.com/api/v4/me?client=effect-carto")
      assert.strictEqual(seen?.headers.authorization, `Basic ${btoa(`alice:${key}`)}`)
      assert.match(seen?.headers["user-agent"] ?? "", /^effect-carto\/\d/)
    }).pipe(Effect.provide(layer([good])))
  )

  it.effect("waits exactly what Retry-After says, also for a POST", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(call(post))
      yield* TestClock.adjust("60 seconds")
      assert.isTrue(Exit.isSuccess(yield* Fiber.await(fiber)))
      assert.deepStrictEqual(yield* times, [0, 4000, 11000])
    }).pipe(Effect.provide(layer([limited(4), limited(7), good])))
  )

  it.effect("retries a safe request with growing, jittered pauses and then gives up", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.flip(call()))
      yield* TestClock.adjust("5 minutes")
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error.reason._tag, "ServerError")
      const at = yield* times
      assert.strictEqual(at.length, 6)
      for (const [index, base] of [250, 500, 1000, 2000, 4000].entries()) {
        const gap = (at[index + 1] ?? 0) - (at[index] ?? 0)
        assert.isAtLeast(gap, base * 0.8)
        assert.isAtMost(gap, base * 1.2)
      }
    }).pipe(Effect.provide(layer([{ status: 503, body: "" }])))
  )

  it.effect("does not repeat a POST that may have arrived", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(call(post))
      assert.strictEqual(error.reason._tag, "TransportError")
      assert.strictEqual((yield* times).length, 1)
    }).pipe(Effect.provide(layer([{ error: { code: "ECONNRESET", message: "read ECONNRESET" } }])))
  )

  it.effect("repeats a POST that never left", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(call(post))
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
      assert.strictEqual((yield* times).length, 2)
    }).pipe(Effect.provide(layer([{ error: { code: "ECONNREFUSED", message: "connect ECONNREFUSED" } }, good])))
  )

  it.effect("puts exactly one request on the wire with retries: 0", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(call())
      assert.strictEqual(error.reason._tag, "RateLimitError")
      assert.strictEqual((yield* times).length, 1)
    }).pipe(Effect.provide(layer([limited(1)], { retries: 0 })))
  )

  it.effect("begins no wait that would pass the deadline", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(call())
      assert.strictEqual(error.reason._tag, "RateLimitError")
      assert.strictEqual(Duration.toSeconds(error.retryAfter ?? 0), 60)
    }).pipe(Effect.provide(layer([limited(60), good], { timeout: "10 seconds" })))
  )

  it.effect("begins no wait that would pass maxElapsed", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.flip(call()))
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual((yield* Fiber.join(fiber)).reason._tag, "RateLimitError")
      assert.deepStrictEqual(yield* times, [0, 20_000])
    }).pipe(Effect.provide(layer([limited(20)], { maxElapsed: "30 seconds" })))
  )

  it.effect("one deadline ends attempts and pauses together", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.flip(call()))
      yield* TestClock.adjust("3 seconds")
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error.reason._tag, "TimeoutError")
      assert.include(error.message, "Test.call")
    }).pipe(
      Effect.provide(
        layer([{ body: new ReadableStream<Uint8Array>({ pull: () => new Promise<void>(() => undefined) }) }], {
          timeout: "3 seconds"
        })
      )
    )
  )

  it.effect("holds the whole group back while the server's pause lasts", () =>
    Effect.gen(function* () {
      const first = yield* Effect.forkChild(call())
      yield* TestClock.adjust(0)
      const second = yield* Effect.forkChild(call())
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(first)
      yield* Fiber.join(second)
      const at = yield* times
      assert.strictEqual(at[0], 0)
      assert.strictEqual(at[1], 4000)
      assert.isAtLeast(at[2] ?? 0, 4000)
    }).pipe(Effect.provide(layer([limited(4), good])))
  )

  it.effect("paces by the learnt limit before the server refuses", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.replicateEffect(call(), 6))
      yield* TestClock.adjust("5 minutes")
      yield* Fiber.join(fiber)
      const at = yield* times
      // Three requests fit into the burst; the others flow in at about one in 3.3 s.
      assert.deepStrictEqual(at.slice(0, 3), [0, 0, 0])
      assert.isAtLeast((at[5] ?? 0) - (at[2] ?? 0), 9_900)
      assert.isAtMost((at[5] ?? 0) - (at[2] ?? 0), 13_000)
    }).pipe(
      Effect.provide(
        layer((_, index) => ({
          ...good,
          headers: {
            "carto-rate-limit-limit": "3",
            "carto-rate-limit-remaining": String(Math.max(0, 2 - index)),
            "carto-rate-limit-reset": String(Math.min(9, 3 * (index + 1)))
          }
        }))
      )
    )
  )

  it.effect("ends retries of many calls when their common budget is spent", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 50 }, () => Effect.exit(call())),
          { concurrency: "unbounded" }
        )
      )
      yield* TestClock.adjust("10 minutes")
      yield* Fiber.join(fiber)
      // 100 tokens at 5 a failure are 20 repeats for all 50 calls together.
      assert.strictEqual((yield* times).length, 70)
    }).pipe(Effect.provide(layer([{ status: 502, body: "<html><title>502 Bad Gateway</title></html>" }])))
  )

  it.effect("follows a redirect within the origin with the key", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* call(), { ok: true })
      const seen = yield* (yield* HttpMock).seen
      assert.strictEqual(seen[1]?.url, "https://alice.carto.com/elsewhere?client=effect-carto")
      assert.isDefined(seen[1]?.headers.authorization)
    }).pipe(Effect.provide(layer([{ status: 302, headers: { location: "/elsewhere" } }, good])))
  )

  for (const location of ["https://evil.example/x", "http://alice.carto.com/api/v4/me", "//evil.example/", "%%%://"]) {
    it.effect(`never carries the key to ${location}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(call())
        const seen = yield* (yield* HttpMock).seen
        if (seen.length > 1) assert.isTrue(seen.every((entry) => entry.url.startsWith("https://alice.carto.com/")))
        else assert.strictEqual(error.reason._tag, "ValidationError")
      }).pipe(
        Effect.provide(
          layer([
            { status: 301, headers: { location } },
            { status: 404, body: "" }
          ])
        )
      )
    )
  }

  it.effect("tells the operator's address when http redirects a POST to https", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(call(post))
      assert.include(error.advice, "https://carto.example.com")
      assert.strictEqual((yield* times).length, 1)
    }).pipe(
      Effect.provide(
        layer([{ status: 301, headers: { location: "https://carto.example.com/user/alice/api/v2/sql" } }], {
          url: "http://carto.example.com/user/alice"
        })
      )
    )
  )

  it.effect("calls another shape a ProtocolError", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(call())
      assert.strictEqual(error.reason._tag, "ProtocolError")
    }).pipe(Effect.provide(layer([{ body: { ok: "yes" } }])))
  )
})
