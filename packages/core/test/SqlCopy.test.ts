import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Redacted, Result, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import { Sql } from "../src/Sql.ts"
import { SqlCopy } from "../src/SqlCopy.ts"
import { HttpMock, type Reply } from "./HttpMock.ts"
import { reasonOf, seen } from "./platform.ts"

const layer = (replies: ReadonlyArray<Reply>, url = "https://alice.carto.com") =>
  Layer.mergeAll(Sql.layer(), SqlCopy.layer()).pipe(
    Layer.provide(CartoClient.layer()),
    Layer.provide(Auth.layer({ url, apiKey: Redacted.make("key-of-alice") })),
    Layer.provideMerge(HttpMock.layer(replies))
  )

const copied: Reply = { body: { time: 1.5, total_rows: 2 } }
const limited: Reply = {
  status: 429,
  headers: { "retry-after": "20" },
  body: { error: ["You are over platform's limits."], context: "limit", detail: "rate-limit" }
}
const reset: Reply = { error: { code: "ECONNRESET", message: "read ECONNRESET" } }
const bytes = Stream.make(new TextEncoder().encode("1\n2\n"))
const statements = Effect.map(seen, (all) => all.map(({ url }) => new URL(url).searchParams.get("q")))

describe("SqlCopy.from", () => {
  it.effect("builds the statement from table, columns and options", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      yield* copy.from("alice.cities", bytes)
      yield* copy.from('alice."all.cities"', bytes)
      yield* copy.from("t", bytes, {
        columns: ["a", 'b"c'],
        format: "csv",
        header: false,
        delimiter: ";",
        null: "\\N",
        quote: "'",
        escape: "\\",
        encoding: "LATIN1"
      })
      yield* copy.from("t", bytes, { format: "text" })
      yield* copy.from("t", bytes, { format: "binary" })
      assert.deepStrictEqual(yield* statements, [
        'COPY "alice"."cities" FROM STDIN WITH (FORMAT csv, HEADER true)',
        'COPY "alice"."all.cities" FROM STDIN WITH (FORMAT csv, HEADER true)',
        `COPY "t" ("a", "b""c") FROM STDIN WITH (FORMAT csv, HEADER false, DELIMITER ';', NULL E'\\\\N', QUOTE '''', ESCAPE E'\\\\', ENCODING 'LATIN1')`,
        'COPY "t" FROM STDIN WITH (FORMAT text)',
        'COPY "t" FROM STDIN WITH (FORMAT binary)'
      ])
    }).pipe(Effect.provide(layer([copied])))
  )

  for (const [url, encoding] of [
    ["https://alice.carto.com", "gzip"],
    ["http://127.0.0.1:8080/user/alice", undefined]
  ] as const) {
    it.effect(`compresses by default for ${url}: ${encoding ?? "no"}`, () =>
      Effect.gen(function* () {
        const copy = yield* SqlCopy
        const { bytes: count, rows } = yield* copy.from("t", bytes)
        assert.deepStrictEqual([rows, count], [2, 4])
        yield* copy.from("t", bytes, { compression: "none" })
        const [first, second] = yield* seen
        assert.strictEqual(first?.headers["content-encoding"], encoding)
        assert.strictEqual(second?.headers["content-encoding"], undefined)
        assert.strictEqual(second?.body, "1\n2\n")
      }).pipe(Effect.provide(layer([copied], url)))
    )
  }

  it.effect("waits for a rate limit and runs the source again", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      const fiber = yield* Effect.forkChild(copy.from("t", bytes, { compression: "none" }))
      yield* TestClock.adjust("20 seconds")
      assert.strictEqual((yield* Fiber.join(fiber)).bytes, 4)
      assert.deepStrictEqual(
        (yield* seen).map(({ at, body }) => [at, body]),
        [
          [0, "1\n2\n"],
          [20_000, "1\n2\n"]
        ]
      )
    }).pipe(Effect.provide(layer([limited, copied])))
  )

  it.effect("does not wait when what was taken of the source cannot be had again", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      const reason = yield* reasonOf(copy.from("t", bytes, { replayable: false, compression: "none" }))
      assert.strictEqual(reason._tag, "RateLimitError")
      assert.strictEqual((yield* seen).length, 1)
    }).pipe(Effect.provide(layer([limited])))
  )

  it.effect("is never repeated after a lost connection: the rows may be there", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      const reason = yield* reasonOf(copy.from("t", bytes))
      assert.strictEqual(reason._tag, "TransportError")
      assert.include(reason.advice, "Check what the server has done")
      assert.strictEqual((yield* seen).length, 1)
    }).pipe(Effect.provide(layer([reset])))
  )

  it.effect("a name that PostgreSQL cannot have is refused", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      assert.strictEqual((yield* reasonOf(copy.from("", bytes)))._tag, "ValidationError")
      assert.strictEqual((yield* reasonOf(copy.from("a\u0000", bytes)))._tag, "ValidationError")
      assert.strictEqual((yield* seen).length, 0)
    }).pipe(Effect.provide(layer([copied])))
  )
})

describe("SqlCopy.to", () => {
  it.effect("sends the statement in the body", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      const sql = yield* Sql
      yield* Stream.runDrain(copy.to("cities", { columns: ["a"], format: "text" }))
      yield* Stream.runDrain(copy.to(sql.unsafe("select 1; -- one")))
      assert.deepStrictEqual(
        (yield* seen).map(({ body }) => JSON.parse(body).q),
        [
          'COPY "cities" ("a") TO STDOUT WITH (FORMAT text)',
          "COPY (select 1\n) TO STDOUT WITH (FORMAT csv, HEADER true)"
        ]
      )
    }).pipe(Effect.provide(layer([{ body: "a\n" }])))
  )

  for (const [what, body, options, isWhole] of [
    ["lines", "a\n1\n", {}, true],
    ["a line that breaks off", "a\n1", {}, false],
    ["an error that breaks off", 'a\n1\n{"error":["divi', {}, false],
    ["a header alone", "a\n", {}, true],
    ["nothing, not even the header", "", {}, false],
    ["nothing, without a header", "", { header: false }, true],
    ["no rows of text", "", { format: "text" }, true],
    ["binary data with its trailer", Uint8Array.of(0, 1, 255, 255), { format: "binary" }, true],
    ["binary data without it", Uint8Array.of(0, 1, 10), { format: "binary" }, false]
  ] as const) {
    it.effect(`${isWhole ? "takes" : "does not take"} ${what} for the whole`, () =>
      Effect.gen(function* () {
        const copy = yield* SqlCopy
        const result = yield* Effect.result(Stream.runDrain(copy.to("cities", options)))
        assert.strictEqual(
          Result.isFailure(result) ? result.failure.reason._tag : "whole",
          isWhole ? "whole" : "ProtocolError"
        )
      }).pipe(Effect.provide(layer([{ body }])))
    )
  }

  it.effect("refuses to copy the rows of several statements", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      const sql = yield* Sql
      const reason = yield* reasonOf(Stream.runDrain(copy.to(sql.unsafe("select 1; select 2"))))
      assert.strictEqual(reason._tag, "ValidationError")
    }).pipe(Effect.provide(layer([{ body: "" }])))
  )

  it.effect("a page in place of data is no data", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      const reason = yield* reasonOf(Stream.runDrain(copy.to("cities")))
      assert.strictEqual(reason._tag, "ProtocolError")
    }).pipe(
      Effect.provide(layer([{ body: "<html><title>Log in</title></html>", headers: { "content-type": "text/html" } }]))
    )
  )
})
