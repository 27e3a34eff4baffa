import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, Redacted, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import type { CartoError } from "../src/CartoError.ts"
import * as Connector from "../src/Connector.ts"
import * as ImportSource from "../src/ImportSource.ts"
import { CreatedSynchronization, SynchronizationId } from "../src/Synchronization.ts"
import { Synchronizations, type SynchronizationsOptions } from "../src/Synchronizations.ts"
import { created, synchronization } from "./fixtures/synchronization.ts"
import { HttpMock, type Reply, type Seen } from "./HttpMock.ts"
import { reasonOf, seen } from "./platform.ts"
import { fork } from "./waiting.ts"

type Script = ReadonlyArray<Reply> | ((seen: Seen, index: number) => Reply)

const layer = (replies: Script, options?: SynchronizationsOptions) =>
  Synchronizations.layer(options).pipe(
    Layer.provide(CartoClient.layer()),
    Layer.provide(Auth.layer({ url: "https://alice.carto.com", apiKey: Redacted.make("key-of-alice") })),
    Layer.provideMerge(HttpMock.layer(replies))
  )

const id = SynchronizationId.make(created.id)
const target = Schema.decodeUnknownSync(CreatedSynchronization)(created)
const source = ImportSource.url("https://data.example.test/Stations.csv?Key=A")
const base = "https://alice.carto.com/api/v1/synchronizations"

const sync = (state: string, more: object = {}): Reply => ({ body: { ...synchronization(state), ...more } })
const imported = (state: string, more: object = {}): Reply => ({
  body: { id: created.data_import.item_queue_id, state, ...more }
})
const failedImport = imported("failure", {
  error_code: 1005,
  success: false,
  get_error_text: { title: "Empty file", what_about: "No data. <a href='mailto:x'>Contact us</a>.", source: "user" }
})
const lost: Reply = { error: { code: "ECONNRESET", message: "read ECONNRESET" } }
const limited: Reply = { status: 429, headers: { "retry-after": "5" }, body: "" }

/** Answers about synchronizations and about imports from a list each; the last one of a list is repeated. */
const both = (
  syncs: ReadonlyArray<Reply>,
  imports: ReadonlyArray<Reply>,
  creation: Reply = { body: created }
): Script => {
  const next = { syncs: 0, imports: 0 }
  return ({ method, url }) => {
    if (method === "POST") return creation
    const kind = url.includes("/imports/") ? "imports" : "syncs"
    const list = kind === "imports" ? imports : syncs
    return list[Math.min(next[kind]++, list.length - 1)] ?? {}
  }
}

const calls = Effect.map(seen, (all) =>
  all.map(({ at, method, url }) => [method, url.replace(/^.*\/api\/v1/, "").replace(created.id, ":id"), at])
)
const times = Effect.map(seen, (all) => all.map(({ at }) => at))

describe("Synchronizations.create", () => {
  it.effect("posts a JSON object, with the URL letter by letter and only what was told", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const made = yield* synchronizations.create(source)
      assert.strictEqual(made.data_import?.item_queue_id, created.data_import.item_queue_id)
      yield* synchronizations.create(source, {
        interval: "15 minutes",
        name: "stations",
        typeGuessing: false,
        quotedFieldsGuessing: false,
        contentGuessing: true,
        createMap: true
      })
      const requests = yield* seen
      assert.deepStrictEqual(
        requests.map(({ body, headers, method, url }) => [method, url, headers["content-type"], JSON.parse(body)]),
        [
          ["POST", base, "application/json", { url: "https://data.example.test/Stations.csv?Key=A" }],
          [
            "POST",
            base,
            "application/json",
            {
              url: "https://data.example.test/Stations.csv?Key=A",
              interval: 900,
              table_name: "stations",
              type_guessing: false,
              quoted_fields_guessing: false,
              content_guessing: true,
              create_vis: true
            }
          ]
        ]
      )
    }).pipe(Effect.provide(layer([{ body: created }])))
  )

  it.effect("takes databases, services and the library", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      yield* synchronizations.create(
        ImportSource.database(
          Connector.postgres({
            connection: {
              server: "db.example.test",
              database: "gis",
              username: "r",
              password: Redacted.make("secret")
            },
            table: "parcels"
          })
        ),
        { interval: "1 day" }
      )
      yield* synchronizations.create(ImportSource.service("gdrive", "f1"))
      yield* synchronizations.create(ImportSource.library("v1"))
      assert.deepStrictEqual(
        (yield* seen).map(({ body }) => JSON.parse(body)),
        [
          {
            connector: {
              provider: "postgres",
              connection: { server: "db.example.test", database: "gis", username: "r", password: "secret" },
              table: "parcels"
            },
            interval: 86_400
          },
          { service_name: "gdrive", service_item_id: "f1" },
          { remote_visualization_id: "v1" }
        ]
      )
    }).pipe(Effect.provide(layer([{ body: created }])))
  )

  it.effect("does not repeat a password that the server repeats", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const connector = Connector.mysql({
        connection: { server: "db.example.test", username: "reader", password: Redacted.make("hunter2") },
        table: "parcels"
      })
      const reason = yield* reasonOf(synchronizations.create(ImportSource.database(connector)))
      assert.strictEqual(reason._tag, "ServerError")
      assert.strictEqual(reason.message, "no connection as reader with <redacted>")
      assert.strictEqual((yield* seen).length, 1)
    }).pipe(Effect.provide(layer([{ status: 500, body: { error: "no connection as reader with hunter2" } }])))
  )

  it.effect("refuses here what the server would answer with 500, and what it would accept and never run", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      for (const interval of ["899 seconds", "901500 millis", 0, "Infinity"] as const) {
        const reason = yield* reasonOf(synchronizations.create(source, { interval }))
        assert.strictEqual(reason._tag, "ValidationError")
        assert.match(reason.message, /15 minutes/)
        assert.strictEqual((yield* reasonOf(synchronizations.update(id, { interval })))._tag, "ValidationError")
      }
      assert.strictEqual(
        (yield* reasonOf(synchronizations.create(ImportSource.url("stations.csv"))))._tag,
        "ValidationError"
      )
      assert.deepStrictEqual(yield* seen, [])
    }).pipe(Effect.provide(layer([])))
  )

  it.effect("deletes what the server keeps of a URL that it refuses, and nothing else", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const reason = yield* reasonOf(synchronizations.create(ImportSource.url(created.url)))
      assert.strictEqual(reason._tag, "ValidationError")
      assert.match(reason.message, /^Invalid URL/)
      assert.deepStrictEqual(yield* calls, [
        ["POST", "/synchronizations", 0],
        ["GET", "/synchronizations", 0],
        ["DELETE", "/synchronizations/:id", 0]
      ])
    }).pipe(
      Effect.provide(
        layer(({ method }) =>
          method === "POST"
            ? { status: 400, body: { errors: "Invalid URL, cannot connect dataset: http://10.0.0.1/" } }
            : method === "DELETE"
              ? { status: 204 }
              : {
                  body: {
                    synchronizations: [
                      { ...synchronization("created") },
                      { ...synchronization("success"), id: "other1" },
                      { ...synchronization("created"), id: "other2", url: "https://data.example.test/b.csv" }
                    ],
                    total_entries: 3
                  }
                }
        )
      )
    )
  )

  it.effect("tells the refusal also when the server cannot be asked what it kept", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const reason = yield* reasonOf(synchronizations.create(source))
      assert.match(reason.message, /^Invalid URL/)
    }).pipe(
      Effect.provide(
        layer(({ method }) =>
          method === "POST" ? { status: 400, body: { errors: "Invalid URL" } } : { status: 404, body: "" }
        )
      )
    )
  )

  it.effect("is not repeated when it may have arrived", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const fiber = yield* fork(reasonOf(synchronizations.create(source)))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "TransportError")
      assert.deepStrictEqual(yield* times, [0])
    }).pipe(Effect.provide(layer([lost])))
  )

  it.effect("says what a 401 without a word may mean", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const denied = yield* reasonOf(synchronizations.create(source))
      assert.match(denied.advice, /master key of an account that may have them/)
    }).pipe(Effect.provide(layer([{ status: 401, body: " " }])))
  )
})

describe("Synchronizations", () => {
  it.effect("lists all in one answer", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const all = yield* synchronizations.list
      assert.deepStrictEqual(
        all.map(({ state }) => state),
        ["success", "queued"]
      )
      assert.strictEqual((yield* seen)[0]?.url, base)
    }).pipe(
      Effect.provide(
        layer([
          { body: { synchronizations: [synchronization("success"), synchronization("queued")], total_entries: 2 } }
        ])
      )
    )
  )

  it.effect("only reads when told so", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      assert.strictEqual((yield* synchronizations.get(id)).state, "success")
      const changes: ReadonlyArray<Effect.Effect<unknown, CartoError>> = [
        synchronizations.create(source),
        synchronizations.update(id, { interval: "1 hour" }),
        synchronizations.runNow(id),
        synchronizations.delete(id),
        synchronizations.run(source)
      ]
      for (const change of changes) assert.match((yield* reasonOf(change)).message, /this client only reads/)
      assert.strictEqual((yield* seen).length, 1)
    }).pipe(Effect.provide(layer([sync("success")], { readOnly: true })))
  )

  it.effect("keeps an id within its segment", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const reason = yield* reasonOf(synchronizations.get(SynchronizationId.make("../viz?a")))
      assert.strictEqual(reason._tag, "NotFoundError")
      assert.strictEqual((yield* seen)[0]?.url, `${base}/..%2Fviz%3Fa`)
    }).pipe(Effect.provide(layer([{ status: 404, body: " " }])))
  )

  it.effect("changes the interval, and nothing else", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      assert.strictEqual((yield* synchronizations.update(id, { interval: "2 hours" })).interval, 7200)
      const [request] = yield* seen
      assert.deepStrictEqual(
        [request?.method, request?.url, request?.body],
        ["PUT", `${base}/${id}`, '{"interval":7200}']
      )
    }).pipe(Effect.provide(layer([sync("success", { interval: 7200 })])))
  )

  it.effect("asks for a run by its own route, and tells when it was not taken", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      assert.deepStrictEqual(yield* synchronizations.runNow(id), { enqueued: true })
      assert.deepStrictEqual(yield* synchronizations.runNow(id), { enqueued: false })
      assert.strictEqual((yield* reasonOf(synchronizations.runNow(id)))._tag, "NotFoundError")
      assert.deepStrictEqual((yield* calls)[0], ["PUT", "/synchronizations/:id/sync_now", 0])
    }).pipe(
      Effect.provide(
        layer([
          { body: { enqueued: true, synchronization_id: id } },
          { body: { enqueued: false, synchronization_id: id } },
          { status: 404, body: " " }
        ])
      )
    )
  )

  it.effect("does not ask twice for a run that may be enqueued", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const fiber = yield* fork(reasonOf(synchronizations.runNow(id)))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "TransportError")
      assert.deepStrictEqual(yield* times, [0, 5_000])
    }).pipe(Effect.provide(layer([limited, lost])))
  )

  it.effect("deletes, and knows its own deletion behind a lost answer", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const fiber = yield* fork(synchronizations.delete(id))
      yield* TestClock.adjust("1 minute")
      assert.isUndefined(yield* Fiber.join(fiber))
      assert.deepStrictEqual(yield* calls, [
        ["DELETE", "/synchronizations/:id", 0],
        ["DELETE", "/synchronizations/:id", 250]
      ])
    }).pipe(Effect.provide(layer([lost, { status: 404, body: " " }])))
  )

  for (const before of [[], [limited]] as ReadonlyArray<ReadonlyArray<Reply>>) {
    it.effect(`tells of an id that is unknown${before.length === 0 ? "" : ", also after a rate limit"}`, () =>
      Effect.gen(function* () {
        const synchronizations = yield* Synchronizations
        const fiber = yield* fork(reasonOf(synchronizations.delete(id)))
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* Fiber.join(fiber))._tag, "NotFoundError")
      }).pipe(Effect.provide(layer([...before, { status: 404, body: " " }])))
    )
  }
})

describe("Synchronizations.wait", () => {
  const waiting = Effect.flatMap(Synchronizations, (synchronizations) => synchronizations.wait(id))

  it.effect("goes on through states that nobody knows, a rate limit and a lost connection", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(waiting)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber)).state, "success")
      assert.deepStrictEqual(yield* times, [250, 625, 5_625, 6_188, 6_438, 7_282])
    }).pipe(Effect.provide(layer([sync("queued"), limited, sync("syncing"), lost, sync("resting"), sync("success")])))
  )

  it.effect("fails with the code and the title of the run", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(reasonOf(waiting))
      yield* TestClock.adjust("1 second")
      const reason = yield* Fiber.join(fiber)
      if (reason._tag !== "SynchronizationError") return assert.fail(reason._tag)
      assert.deepStrictEqual(
        [reason.synchronizationId, reason.state, reason.code, reason.title, reason.message, reason.fix],
        [id, "failure", 1017, "File not found", "File not found (code 1017)", "data"]
      )
      assert.match(reason.advice, /gone from its source/)
    }).pipe(Effect.provide(layer([sync("failure", { error_code: 1017, error_message: null, retried_times: 1 })])))
  )

  it.effect("does not wait for ever for one that is stuck in the queue", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const fiber = yield* fork(reasonOf(synchronizations.wait(id, { stalledAfter: undefined })))
      yield* TestClock.adjust("3 hours")
      const reason = yield* Fiber.join(fiber)
      if (reason._tag !== "SynchronizationError") return assert.fail(reason._tag)
      assert.strictEqual(reason.message, "the synchronization has stood still for 2h, with state queued")
      assert.strictEqual((yield* times).at(-1), 7_200_250)
    }).pipe(Effect.provide(layer([sync("queued")])))
  )

  it.effect("ends at its deadline and when it is interrupted, and asks nothing more", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const late = yield* fork(reasonOf(synchronizations.wait(id, { timeout: "1 second" })))
      for (const pause of ["250 millis", "375 millis", "1 minute"] as const) yield* TestClock.adjust(pause)
      assert.strictEqual((yield* Fiber.join(late))._tag, "TimeoutError")
      const interrupted = yield* fork(synchronizations.wait(id))
      yield* TestClock.adjust("300 millis")
      yield* Fiber.interrupt(interrupted)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* times, [250, 625, 60_875])
    }).pipe(Effect.provide(layer([sync("syncing")])))
  )

  it.effect("follows the first import as well, until it is over", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const fiber = yield* fork(synchronizations.wait(target))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber)).name, "stations")
      const item = `/imports/${created.data_import.item_queue_id}`
      assert.deepStrictEqual(yield* calls, [
        ["GET", "/synchronizations/:id", 250],
        ["GET", item, 250],
        ["GET", "/synchronizations/:id", 625],
        ["GET", item, 625],
        ["GET", "/synchronizations/:id", 1_188],
        ["GET", "/synchronizations/:id", 2_032]
      ])
    }).pipe(
      Effect.provide(
        layer(
          both(
            [sync("queued"), sync("queued"), sync("queued"), sync("success")],
            [imported("uploading"), imported("complete")]
          )
        )
      )
    )
  )

  it.effect("does not wait in vain for a synchronization whose first import died", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const fiber = yield* fork(reasonOf(synchronizations.wait(target)))
      yield* TestClock.adjust("1 minute")
      const reason = yield* Fiber.join(fiber)
      if (reason._tag !== "SynchronizationError") return assert.fail(reason._tag)
      assert.deepStrictEqual(
        [reason.code, reason.title, reason.message, reason.state],
        [1005, "Empty file", "Empty file: No data. Contact us. (code 1005)", "queued"]
      )
      assert.deepStrictEqual(yield* times, [250, 250, 625, 625])
    }).pipe(Effect.provide(layer(both([sync("queued")], [imported("pending"), failedImport]))))
  )
})

describe("Synchronizations.watch", () => {
  it.effect("shows each state of the run and of its import once, and ends without an opinion", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const fiber = yield* fork(Stream.runCollect(synchronizations.watch(target)))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        (yield* Fiber.join(fiber)).map(({ elapsed, value }) => [
          value.synchronization.state,
          value.import?.state,
          Duration.toMillis(elapsed)
        ]),
        [
          ["queued", undefined, 0],
          ["queued", "pending", 250],
          ["queued", "importing", 1_188],
          ["queued", "failure", 2_032]
        ]
      )
    }).pipe(
      Effect.provide(
        layer(both([sync("queued")], [imported("pending"), imported("pending"), imported("importing"), failedImport]))
      )
    )
  )
})

describe("Synchronizations.run", () => {
  it.effect("creates, and waits for the first import", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const fiber = yield* fork(synchronizations.run(source, { interval: "1 hour", stalledAfter: "10 minutes" }))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber)).state, "success")
      assert.deepStrictEqual(
        (yield* calls).map(([method, , at]) => [method, at]),
        [
          ["POST", 0],
          ["GET", 250],
          ["GET", 250],
          ["GET", 625]
        ]
      )
    }).pipe(Effect.provide(layer(both([sync("queued"), sync("success")], [imported("importing")]))))
  )
})
