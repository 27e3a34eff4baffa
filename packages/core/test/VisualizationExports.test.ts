import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Fiber, Layer, Redacted, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import * as Export from "../src/VisualizationExport.ts"
import { VisualizationExports } from "../src/VisualizationExports.ts"
import { HttpMock, type Reply, type Seen } from "./HttpMock.ts"
import { mutations } from "./mutations.ts"
import { reasonOf, seen } from "./platform.ts"
import { fork, times } from "./waiting.ts"

const layer = (
  replies: ReadonlyArray<Reply> | ((seen: Seen, index: number) => Reply),
  url = "https://acme.carto.com/u/alice",
  apiKey: string | null = "key-of-alice"
) =>
  VisualizationExports.layer().pipe(
    Layer.provide(CartoClient.layer()),
    Layer.provide(Auth.layer({ url, apiKey: apiKey === null ? undefined : Redacted.make(apiKey) })),
    Layer.provideMerge(HttpMock.layer(replies))
  )

const id = Export.VisualizationExportId.make("d5e6f7a8-0000-4000-8000-000000000001")
const map = "aa11bb22-0000-4000-8000-000000000002"
/** The example of the reference, complete. */
const example = {
  id,
  visualization_id: map,
  user_id: "4c2a0d63-9c0f-4a25-8b0e-1d6b4a3f9d10",
  state: "complete",
  url: `/u/alice/api/v3/visualization_exports/${id}/download`,
  created_at: "2019-05-01T08:00:00.000Z",
  updated_at: "2019-05-01T08:00:09.000Z"
}
const running = (state: string): Reply => ({ body: { ...example, state, url: null } })
const at = (url: string | null): Reply => ({ body: { ...example, url } })
const zip = new Uint8Array([80, 75, 3, 4])
const file: Reply = { body: zip, headers: { "content-type": "application/zip" } }
const lost: Reply = { error: { code: "ECONNRESET", message: "read ECONNRESET" } }
const limited: Reply = { status: 429, headers: { "retry-after": "5" }, body: "" }

const waiting = Effect.flatMap(VisualizationExports, (exports) => exports.wait(id))
const downloaded = Effect.flatMap(VisualizationExports, (exports) => Stream.runCollect(exports.download(id)))

describe("VisualizationExport", () => {
  it.effect("decodes the example, and a running one", () =>
    Effect.gen(function* () {
      const decode = Schema.decodeUnknownEffect(Export.VisualizationExport)
      const value = yield* decode(example)
      assert.strictEqual(value.updated_at && DateTime.formatIso(value.updated_at), "2019-05-01T08:00:09.000Z")
      assert.isTrue(Export.isOver(value))
      for (const state of ["pending", "exporting", "uploading", "packing"]) {
        assert.isFalse(Export.isOver(yield* decode({ ...example, state, url: null, user_id: null })))
      }
    })
  )

  it.effect.prop(
    "decodes whatever else the server tells, or leaves out",
    [mutations(example, ["user_id", "url", "created_at", "updated_at"], ["state"])],
    ([value]) => Schema.decodeUnknownEffect(Export.VisualizationExport)(value)
  )
})

describe("VisualizationExports.create", () => {
  it.effect("posts the map and the tables as JSON", () =>
    Effect.gen(function* () {
      const exports = yield* VisualizationExports
      assert.strictEqual((yield* exports.create(map)).id, id)
      yield* exports.create(map, { tables: ["t1", "t2"] })
      const requests = yield* seen
      assert.strictEqual(requests[0]?.url, "https://acme.carto.com/u/alice/api/v3/visualization_exports")
      assert.deepStrictEqual(
        requests.map(({ body }) => JSON.parse(body)),
        [{ visualization_id: map }, { visualization_id: map, user_tables_ids: "t1,t2" }]
      )
    }).pipe(Effect.provide(layer([{ ...running("pending"), status: 201 }])))
  )

  it.effect("is not repeated when it may have arrived", () =>
    Effect.gen(function* () {
      const exports = yield* VisualizationExports
      const fiber = yield* fork(reasonOf(exports.create(map)))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "TransportError")
      assert.deepStrictEqual(yield* times, [["POST", 0]])
    }).pipe(Effect.provide(layer([lost])))
  )

  it.effect("tells that the thing is no map", () =>
    Effect.gen(function* () {
      const exports = yield* VisualizationExports
      const reason = yield* reasonOf(exports.create(map))
      assert.strictEqual(reason._tag, "ValidationError")
      assert.include(reason.message, "Only derived visualizations can be exported")
    }).pipe(
      Effect.provide(
        layer([
          {
            status: 422,
            body: { errors: 'Errors: ["Only derived visualizations can be exported"]', errors_cause: null }
          }
        ])
      )
    )
  )

  const ofNobody: Reply = { status: 201, body: { ...example, state: "pending", url: null, user_id: null } }

  it.effect("an export that the server took for that of nobody is an AuthError", () =>
    Effect.gen(function* () {
      const exports = yield* VisualizationExports
      for (const call of [exports.create(map), exports.run(map)]) {
        const reason = yield* reasonOf(call)
        assert.strictEqual(reason._tag, "AuthError")
        assert.include(reason.message, "did not recognize the key")
        assert.include(reason.advice, "master key")
      }
    }).pipe(Effect.provide(layer([ofNobody])))
  )

  for (const apiKey of [null, "default_public"]) {
    it.effect(`exports public maps ${apiKey === null ? "without a key" : "with the key of everybody"}`, () =>
      Effect.gen(function* () {
        const exports = yield* VisualizationExports
        assert.isNull((yield* exports.create(map)).user_id)
      }).pipe(Effect.provide(layer([ofNobody], undefined, apiKey)))
    )
  }
})

describe("VisualizationExports.get", () => {
  it.effect("keeps the id within its segment, and tells unknown and foreign ones", () =>
    Effect.gen(function* () {
      const exports = yield* VisualizationExports
      assert.strictEqual(
        (yield* reasonOf(exports.get(Export.VisualizationExportId.make("../viz?x"))))._tag,
        "NotFoundError"
      )
      assert.include((yield* seen)[0]?.url, "/visualization_exports/..%2Fviz%3Fx")
      assert.strictEqual((yield* reasonOf(exports.get(id)))._tag, "AuthError")
    }).pipe(
      Effect.provide(
        layer([
          { status: 404, body: { errors: "Visualization export not found: x", errors_cause: null } },
          { status: 403, body: { errors: "Export not yours", errors_cause: null } }
        ])
      )
    )
  )
})

describe("VisualizationExports.wait", () => {
  it.effect("asks until the file is there, also after a rate limit and a lost connection", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(waiting)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber)).state, "complete")
      assert.deepStrictEqual(
        (yield* times).map(([, at]) => at),
        [250, 625, 5_625, 6_188, 6_438, 7_282]
      )
    }).pipe(
      Effect.provide(
        layer([running("pending"), limited, running("exporting"), lost, running("uploading"), { body: example }])
      )
    )
  )

  it.effect("fails with the export when it failed", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(reasonOf(waiting))
      yield* TestClock.adjust("1 second")
      const reason = yield* Fiber.join(fiber)
      if (reason._tag !== "ExportError") return assert.fail(reason._tag)
      assert.deepStrictEqual(
        [reason.exportId, reason.exportState, reason.message],
        [id, "failure", "the map could not be exported"]
      )
      assert.match(reason.advice, /again/)
    }).pipe(Effect.provide(layer([running("failure")])))
  )

  it.effect("tells when nothing moves", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(reasonOf(waiting))
      yield* TestClock.adjust("2 hours")
      const reason = yield* Fiber.join(fiber)
      if (reason._tag !== "ExportError") return assert.fail(reason._tag)
      assert.strictEqual(reason.message, "the export has stood still for 1h, with state exporting")
    }).pipe(Effect.provide(layer([running("exporting")])))
  )

  it.effect("ends at its deadline and when it is interrupted, and asks nothing more", () =>
    Effect.gen(function* () {
      const exports = yield* VisualizationExports
      const late = yield* fork(reasonOf(exports.wait(id, { timeout: "1 second" })))
      for (const pause of ["250 millis", "375 millis", "1 minute"] as const) yield* TestClock.adjust(pause)
      assert.strictEqual((yield* Fiber.join(late))._tag, "TimeoutError")
      const interrupted = yield* fork(exports.wait(id))
      yield* TestClock.adjust("300 millis")
      yield* Fiber.interrupt(interrupted)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        (yield* times).map(([, at]) => at),
        [250, 625, 60_875]
      )
    }).pipe(Effect.provide(layer([running("exporting")])))
  )
})

describe("VisualizationExports.watch", () => {
  it.effect("shows each state once, and ends without an opinion", () =>
    Effect.gen(function* () {
      const exports = yield* VisualizationExports
      const fiber = yield* fork(Stream.runCollect(exports.watch(id)))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        (yield* Fiber.join(fiber)).map(({ elapsed, value }) => [value.state, Duration.toMillis(elapsed)]),
        [
          ["pending", 250],
          ["exporting", 1188],
          ["failure", 2032]
        ]
      )
    }).pipe(Effect.provide(layer([running("pending"), running("pending"), running("exporting"), running("failure")])))
  )
})

describe("VisualizationExports.run", () => {
  it.effect("creates, waits, and asks nothing twice", () =>
    Effect.gen(function* () {
      const exports = yield* VisualizationExports
      const fiber = yield* fork(exports.run(map, { tables: ["t1"], timeout: "1 minute" }))
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(fiber)).state, "complete")
      assert.deepStrictEqual(yield* times, [
        ["POST", 0],
        ["GET", 250]
      ])
    }).pipe(Effect.provide(layer([running("pending"), { body: example }])))
  )
})

describe("VisualizationExports.download", () => {
  const own = `https://acme.carto.com/u/alice/api/v3/visualization_exports/${id}/download`
  const signed = "https://storage.example/b/a%20map.carto?X-Amz-Date=1&X-Amz-Signature=a%2Fb+c%20d"
  const places: ReadonlyArray<readonly [told: string | null, asked: string, keyed: boolean]> = [
    [example.url, own, true],
    [null, own, true],
    [`/api/v3/visualization_exports/${id}/download?user_domain=alice`, own, true],
    [`https://alice.carto.com/api/v3/visualization_exports/${id}/download`, own, true],
    ["/uploads/1f/map.carto", "https://acme.carto.com/uploads/1f/map.carto", true],
    ["uploads/map.carto?v=1", "https://acme.carto.com/u/alice/uploads/map.carto?v=1", true],
    ["https://acme.carto.com/uploads/map.carto", "https://acme.carto.com/uploads/map.carto", true],
    ["//storage.example/map.carto", "https://storage.example/map.carto", false],
    ["https://acme.carto.com:8443/map.carto", "https://acme.carto.com:8443/map.carto", false],
    [signed, signed, false]
  ]
  for (const [told, asked, keyed] of places) {
    it.effect(`finds ${told}, ${keyed ? "with" : "without"} the key`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* downloaded, [zip])
        const [, request] = yield* seen
        assert.strictEqual(request?.url, asked)
        assert.strictEqual(request?.headers.authorization !== undefined, keyed)
        assert.match(request?.headers["user-agent"] ?? "", /^effect-carto\//)
      }).pipe(Effect.provide(layer([at(told), file])))
    )
  }

  it.effect("follows redirects to another host and on, and gives none of them the key", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* downloaded, [zip])
      const requests = (yield* seen).slice(1)
      assert.deepStrictEqual(
        requests.map(({ headers, url }) => [url, headers.authorization !== undefined]),
        [
          [own, true],
          ["https://acme.carto.com/uploads/a?b=1", true],
          [signed, false],
          ["https://storage.example/c", false],
          ["https://acme.carto.com/d", false]
        ]
      )
    }).pipe(
      Effect.provide(
        layer([
          at(null),
          ...["/uploads/a?b=1", signed, "/c", "https://acme.carto.com/d"].map((location) => ({
            status: 302,
            headers: { location }
          })),
          file
        ])
      )
    )
  )

  for (const [told, message] of [
    ["http://storage.example/map.carto", "the download is at http://storage.example"],
    ["javascript:alert(1)", "the download is at javascript://"],
    ["file:///etc/passwd", "the download is at file://"],
    ["https://storage.example/?api_key=key-of-alice", "the download at https://storage.example is to be told the key"],
    ["https://[", "the server told an address that is none"]
  ] as const) {
    it.effect(`does not go to ${told}`, () =>
      Effect.gen(function* () {
        const reason = yield* reasonOf(downloaded)
        assert.deepStrictEqual([reason._tag, reason.status, reason.message], ["ValidationError", 200, message])
        assert.strictEqual((yield* seen).length, 1)
      }).pipe(Effect.provide(layer([at(told), file])))
    )
    it.effect(`is not led to ${told}`, () =>
      Effect.gen(function* () {
        assert.strictEqual((yield* reasonOf(downloaded))._tag, "ValidationError")
        assert.strictEqual((yield* seen).length, 2)
      }).pipe(Effect.provide(layer([at(null), { status: 302, headers: { location: told } }, file])))
    )
  }

  it.effect("takes a storage without https from a server without https", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* downloaded, [zip])
      assert.isUndefined((yield* seen)[1]?.headers.authorization)
    }).pipe(Effect.provide(layer([at("http://storage.internal/map.carto"), file], "http://carto.internal/user/alice")))
  )

  it.effect("does not begin before the export is complete", () =>
    Effect.gen(function* () {
      const reason = yield* reasonOf(downloaded)
      assert.strictEqual(reason._tag, "ExportError")
      assert.strictEqual(reason.message, "the export is uploading")
      assert.match(reason.advice, /Wait/)
    }).pipe(Effect.provide(layer([running("uploading")])))
  )

  for (const refusal of [
    { status: 404, body: "" },
    {
      status: 403,
      headers: { "content-type": "application/xml" },
      body: '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'
    }
  ]) {
    it.effect(`tells an expired link: ${refusal.status}`, () =>
      Effect.gen(function* () {
        const reason = yield* reasonOf(downloaded)
        if (reason._tag !== "ExportError") return assert.fail(reason._tag)
        assert.strictEqual(reason.message, `the file is gone: its link is answered with ${refusal.status}`)
        assert.match(reason.advice, /again/)
      }).pipe(Effect.provide(layer([at(signed), refusal])))
    )
  }

  it.effect("names the host that was not reached, and nothing of its link", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(reasonOf(downloaded))
      yield* TestClock.adjust("5 minutes")
      const reason = yield* Fiber.join(fiber)
      assert.match(reason.message, /^cannot reach storage\.example: /)
      assert.notInclude(reason.message, "Signature")
    }).pipe(
      Effect.provide(
        layer((_, index) =>
          index === 0 ? at(signed) : { error: { code: "ENOTFOUND", message: "getaddrinfo ENOTFOUND storage.example" } }
        )
      )
    )
  )
})
