import { assert, describe, it } from "@effect/vitest"
import { Cause, Data, Duration, Effect, Exit, Fiber, Layer, Redacted, Result, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import * as Connector from "../src/Connector.ts"
import { type Import, ImportId, state } from "../src/Import.ts"
import type { ImportOptions } from "../src/ImportOptions.ts"
import * as ImportSource from "../src/ImportSource.ts"
import { Imports, type ImportsOptions } from "../src/Imports.ts"
import { Sql } from "../src/Sql.ts"
import { HttpMock, type Reply, type Seen } from "./HttpMock.ts"
import { reasonOf, seen } from "./platform.ts"
import { fork, steady, times } from "./waiting.ts"

const layer = (replies: ReadonlyArray<Reply> | ((seen: Seen, index: number) => Reply), options?: ImportsOptions) =>
  Layer.mergeAll(Imports.layer(options), Sql.layer()).pipe(
    Layer.provide(CartoClient.layer()),
    Layer.provide(Auth.layer({ url: "https://alice.carto.com", apiKey: Redacted.make("key-of-alice") })),
    Layer.provideMerge(HttpMock.layer(replies))
  )

const id = ImportId.make("9f4b1d3e-5b5e-4c10-9c1d-0f3f6c1b7a11")
const created: Reply = { body: { item_queue_id: id, success: true } }
const import_ = (state: string, more: object = {}): Reply => ({ body: { id, state, table_id: null, ...more } })
const complete = import_("complete", { table_id: "5c1d", table_name: "cities", tables_created_count: 1, success: true })
const full: Reply = {
  status: 429,
  body: { errors: { imports: "We're sorry but you're already using your allowed 3 import slots" } }
}
const running = (...ids: ReadonlyArray<string>): Reply => ({ body: { imports: ids, success: true } })
const limited: Reply = { status: 429, headers: { "retry-after": "5" }, body: { error: ["slow down"] } }
const lost: Reply = { error: { code: "ECONNRESET", message: "read ECONNRESET" } }
const unreachable: Reply = { error: { code: "ECONNREFUSED", message: "connect ECONNREFUSED" } }

const waiting = Effect.flatMap(Imports, (imports) => imports.wait(id))

const bytes = (text: string) => new TextEncoder().encode(text)
const csv = (options?: ImportSource.BytesOptions) =>
  ImportSource.bytes("cities.csv", Stream.make(bytes("id,name\n"), bytes("1,Ávila\n")), options)
const url = ImportSource.url("https://data.example.test/Cities.CSV?Key=aB")

describe("Imports.create", () => {
  it.effect("streams a file as the last part of a form, of known length, behind the parameters", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const options = {
        typeGuessing: false,
        privacy: "link",
        collisionStrategy: "skip",
        twitterCreditsLimit: 5
      } as const
      assert.strictEqual(yield* steady(imports.create(csv({ size: 17 }), options)), id)
      const [request] = yield* seen
      assert.strictEqual(request?.method, "POST")
      assert.strictEqual(request?.url, "https://alice.carto.com/api/v1/imports")
      const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(request?.headers["content-type"] ?? "")?.[1]
      const part = (name: string, value: string) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
      const body = [
        part("type_guessing", "false"),
        part("privacy", "link"),
        part("collision_strategy", "skip"),
        part("user_defined_limits[twitter_credits_limit]", "5"),
        `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="cities.csv"\r\n`,
        "Content-Type: application/octet-stream\r\n\r\nid,name\n1,Ávila\n\r\n",
        `--${boundary}--\r\n`
      ].join("")
      assert.strictEqual(request?.body, body)
      assert.strictEqual(request?.headers["content-length"], String(bytes(body).length))
    }).pipe(Effect.provide(layer([created])))
  )

  it.effect("leaves the length out where nobody knows it, and tells how the upload goes", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const told: Array<readonly [string, number, number | undefined]> = []
      yield* imports.create(csv(), {
        onProgress: ({ bytes, name, size }) => Effect.sync(() => void told.push([name, bytes, size]))
      })
      assert.isUndefined((yield* seen)[0]?.headers["content-length"])
      assert.deepStrictEqual(told, [
        ["cities.csv", 8, undefined],
        ["cities.csv", 17, undefined]
      ])
    }).pipe(Effect.provide(layer([created])))
  )

  it.effect("keeps a name within its header", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      yield* imports.create(ImportSource.bytes('/tmp/a "b"\r\nX: y ü.CSV', Stream.make(bytes("a\n1\n"))))
      assert.include((yield* seen)[0]?.body ?? "", 'filename="a %22b%22%0D%0AX: y ü.CSV"\r\n')
    }).pipe(Effect.provide(layer([created])))
  )

  it.effect("sends every other source as JSON, with letters as they are", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const sql = yield* Sql
      const password = Redacted.make("s3cret-pass")
      const sources: ReadonlyArray<readonly [ImportSource.ImportSource, object]> = [
        [url, { url: "https://data.example.test/Cities.CSV?Key=aB" }],
        [ImportSource.url("ftp://example.test/a.zip"), { url: "ftp://example.test/a.zip" }],
        [ImportSource.query("select 1 as a;", { name: "ones" }), { sql: "select 1 as a", table_name: "ones" }],
        [ImportSource.query(sql.unsafe("select 2 as b")), { sql: "select 2 as b" }],
        [ImportSource.table("cities", { name: "copy" }), { table_copy: "cities", table_name: "copy" }],
        [ImportSource.service("gdrive", "1x"), { service_name: "gdrive", service_item_id: "1x" }],
        [ImportSource.library("0a6b"), { remote_visualization_id: "0a6b" }],
        [
          ImportSource.database(
            Connector.postgres({
              connection: { server: "db.example.test", port: 5432, database: "gis", username: "reader", password },
              query: "SELECT id, geom FROM parcels WHERE city = 3",
              importAs: "parcels_city3"
            })
          ),
          {
            connector: {
              provider: "postgres",
              connection: {
                server: "db.example.test",
                port: 5432,
                database: "gis",
                username: "reader",
                password: "s3cret-pass"
              },
              sql_query: "SELECT id, geom FROM parcels WHERE city = 3",
              import_as: "parcels_city3"
            }
          }
        ],
        [
          ImportSource.database(
            Connector.bigquery({ connectionId: "c1", project: "p", dataset: "d", table: "t", columns: ["a", "b"] })
          ),
          {
            connector: {
              provider: "bigquery",
              connection_id: "c1",
              table: "t",
              columns: "a,b",
              project: "p",
              dataset: "d"
            }
          }
        ],
        [
          ImportSource.database(Connector.generic("odbc", { connection: { dsn: "x", token: "t0ken" }, table: "t" })),
          { connector: { provider: "odbc", connection: { dsn: "x", token: "t0ken" }, table: "t" } }
        ]
      ]
      for (const [source, body] of sources) {
        yield* imports.create(source, { createMap: true })
        assert.deepStrictEqual(JSON.parse((yield* seen).at(-1)?.body ?? ""), { create_vis: true, ...body })
      }
    }).pipe(Effect.provide(layer([created])))
  )

  it.effect("refuses here what could only fail there", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const connection = { server: "s", username: "u", password: Redacted.make("s3cret-pass") }
      const wrong: ReadonlyArray<readonly [ImportSource.ImportSource, RegExp, object?]> = [
        [ImportSource.bytes("cities", Stream.empty), /tells no format/],
        [ImportSource.bytes("cities.parquet", Stream.empty), /files of the kind \.parquet are not read/],
        [ImportSource.bytes("cities.csv", Stream.empty, { size: 0 }), /is empty/],
        [ImportSource.url("/tmp/cities.csv"), /cannot be downloaded/],
        [ImportSource.url("sftp://example.test/a.csv"), /cannot be downloaded/],
        [ImportSource.query(" -- nothing"), /exactly one query/],
        [ImportSource.query("select 1; select 2"), /exactly one query/],
        [ImportSource.query("drop table cities"), /exactly one query/],
        [ImportSource.table(" "), /is empty/],
        [ImportSource.database(Connector.generic("", {})), /no provider/],
        [
          ImportSource.database(Connector.mysql({ connection: { ...connection, server: "" }, table: "t" })),
          /lacks server/
        ],
        [ImportSource.database(Connector.mysql({ connection: { ...connection, port: 0 }, table: "t" })), /no port/],
        [ImportSource.database(Connector.generic("postgres", { connection_id: "1" })), /a table or a query/],
        [url, /no privacy/, { privacy: "PASSWORD" }],
        [url, /no collision strategy/, { collisionStrategy: "replace" }],
        [url, /Twitter/, { twitterCreditsLimit: -1 }]
      ]
      for (const [source, message, options] of wrong) {
        const reason = yield* reasonOf(imports.create(source, options as ImportOptions))
        assert.strictEqual(reason._tag, "ValidationError")
        assert.match(reason.message, message)
        assert.isNotEmpty(reason.advice)
      }
      assert.deepStrictEqual(yield* seen, [])
    }).pipe(Effect.provide(layer([created])))
  )

  it.effect("refuses to import when told to only read", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      assert.match((yield* reasonOf(imports.create(url))).message, /only reads/)
    }).pipe(Effect.provide(layer([created], { readOnly: true })))
  )

  it.effect("tells a full server, and does not wait for it", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const reason = yield* reasonOf(imports.create(url))
      assert.strictEqual(reason._tag, "ConcurrencyError")
      assert.match(reason.message, /allowed 3 import slots/)
      assert.strictEqual((yield* seen).length, 1)
    }).pipe(Effect.provide(layer([full])))
  )

  it.effect("is sent once when it may have arrived", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const fiber = yield* fork(reasonOf(imports.create(csv())))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "TransportError")
      assert.deepStrictEqual(yield* times, [["POST", 0]])
    }).pipe(Effect.provide(layer([lost])))
  )

  for (const replayable of [true, false]) {
    it.effect(`is ${replayable ? "" : "not "}sent again from the start when a ${replayable} source was refused`, () =>
      Effect.gen(function* () {
        const imports = yield* Imports
        const fiber = yield* fork(Effect.exit(imports.create(csv({ replayable }))))
        yield* TestClock.adjust("1 minute")
        const exit = yield* Fiber.join(fiber)
        assert.strictEqual(Exit.isSuccess(exit), replayable)
        const [first, ...others] = yield* seen
        assert.deepStrictEqual(
          others.map(({ body }) => body.replace(/effect-carto-\w+/g, "")),
          replayable ? [first?.body.replace(/effect-carto-\w+/g, "")] : []
        )
      }).pipe(Effect.provide(layer([limited, created])))
    )
  }

  it.effect("lets the failure of a source through, and that of one that has another size", () =>
    Effect.gen(function* () {
      class Broken extends Data.TaggedError("Broken")<{ readonly at: number }> {}
      const imports = yield* Imports
      const failing = Stream.concat(Stream.make(bytes("id\n")), Stream.fail(new Broken({ at: 3 })))
      const broken = yield* Effect.flip(imports.create(ImportSource.bytes("a.csv", failing)))
      assert.strictEqual(broken._tag, "Broken")
      const unknown = Effect.fail(new Broken({ at: 0 }))
      assert.strictEqual(
        (yield* Effect.flip(imports.create(ImportSource.bytes("a.csv", Stream.empty, unknown))))._tag,
        "Broken"
      )
      for (const size of [16, 18]) {
        assert.strictEqual(
          (yield* reasonOf(imports.create(csv({ size })))).message,
          `"cities.csv" has 17 bytes, not ${size}`
        )
      }
    }).pipe(Effect.provide(layer([created])))
  )
})

describe("Imports.list and get", () => {
  it.effect("list the ids of what is not over, and keep an id within its segment", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      assert.deepStrictEqual(yield* imports.list, [id])
      assert.strictEqual((yield* imports.get(ImportId.make("a/b.c"))).state, "pending")
      assert.deepStrictEqual(
        (yield* seen).map(({ url }) => url),
        ["https://alice.carto.com/api/v1/imports", "https://alice.carto.com/api/v1/imports/a%2Fb.c"]
      )
    }).pipe(Effect.provide(layer([running(id), import_("pending")])))
  )

  it.effect("hide what old servers tell of the source, even in an answer that cannot be read", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const reason = yield* reasonOf(imports.get(id))
      if (reason._tag !== "ProtocolError") return assert.fail(reason._tag)
      assert.strictEqual(reason.body, '{"state":7,"service_item_id":"<redacted>","id":"i"}')
    }).pipe(Effect.provide(layer([{ body: { state: 7, service_item_id: '{"password":"s3cret\\\\"}', id: "i" } }])))
  )

  it.effect("tell an unknown id", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      assert.strictEqual((yield* reasonOf(imports.get(id)))._tag, "NotFoundError")
    }).pipe(Effect.provide(layer([{ status: 404, body: " " }])))
  )
})

describe("Imports.wait", () => {
  it.effect("asks soon at first, then ever more seldom", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(waiting)
      yield* TestClock.adjust("1 minute")
      const outcome = yield* Fiber.join(fiber)
      assert.deepStrictEqual(outcome.datasets, [{ name: "cities", table_id: "5c1d", visualization_id: undefined }])
      assert.deepStrictEqual(
        (yield* times).map(([, at]) => at),
        [250, 625, 1188, 2032, 3298]
      )
    }).pipe(
      Effect.provide(
        layer([import_("pending"), import_("uploading"), import_("geocoding"), import_("importing"), complete])
      )
    )
  )

  it.effect("takes two hours of an import in its stride", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(waiting)
      yield* TestClock.adjust("3 hours")
      yield* Fiber.join(fiber)
      assert.isBelow((yield* seen).length, 740)
    }).pipe(Effect.provide(layer(({ at }) => (at < 7_200_000 ? import_("importing") : complete))))
  )

  it.effect("waits as long as a rate limit says, and survives a lost connection", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(waiting)
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(
        (yield* times).map(([, at]) => at),
        [250, 625, 5625, 6188, 6438]
      )
    }).pipe(Effect.provide(layer([import_("pending"), limited, import_("pending"), lost, complete])))
  )

  it.effect("tells at its deadline that the import goes on", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const fiber = yield* fork(reasonOf(imports.wait(id, { timeout: "1 second" })))
      for (const pause of [250, 375]) yield* TestClock.adjust(pause)
      yield* TestClock.adjust("1 minute")
      const reason = yield* Fiber.join(fiber)
      assert.strictEqual(reason._tag, "TimeoutError")
      assert.strictEqual(reason.message, `not finished after 1s; the import ${id} goes on`)
      assert.deepStrictEqual(yield* times, [
        ["GET", 250],
        ["GET", 625]
      ])
    }).pipe(Effect.provide(layer([import_("pending")])))
  )

  it.effect("gives up what does not move", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const fiber = yield* fork(reasonOf(imports.wait(id, { stalledAfter: "20 minutes" })))
      yield* TestClock.adjust("1 hour")
      const reason = yield* Fiber.join(fiber)
      if (reason._tag !== "ImportError") return assert.fail(reason._tag)
      assert.strictEqual(reason.message, "the import has stood still for 20m, in state uploading")
      assert.strictEqual(reason.importId, id)
    }).pipe(Effect.provide(layer([import_("uploading")])))
  )

  it.effect("does not take a failure, a stuck import or an empty success for a success", () =>
    Effect.gen(function* () {
      for (const [state, title] of [
        ["failure", "Stuck import job"],
        ["stuck", "Stuck import job"],
        ["complete", "The import is complete, but made nothing"]
      ]) {
        const fiber = yield* fork(reasonOf(waiting))
        yield* TestClock.adjust("1 second")
        const reason = yield* Fiber.join(fiber)
        if (reason._tag !== "ImportError") return assert.fail(reason._tag)
        assert.deepStrictEqual([reason.state, reason.title], [state, title])
      }
    }).pipe(Effect.provide(layer([import_("failure", { error_code: 6671 }), import_("stuck"), import_("complete")])))
  )

  it.effect("knows that everything was skipped", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(waiting)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "Skipped")
    }).pipe(Effect.provide(layer([import_("complete", { error_code: 1022, success: true })])))
  )
})

describe("Imports.watch", () => {
  it.effect("shows each state once, and ends without an opinion", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const fiber = yield* fork(Stream.runCollect(imports.watch(id)))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        (yield* Fiber.join(fiber)).map(({ elapsed, value }) => [state(value), Duration.toMillis(elapsed)]),
        [
          ["pending", 250],
          ["importing", 1188],
          ["failure", 2032]
        ]
      )
    }).pipe(
      Effect.provide(
        layer([import_("pending"), import_("pending"), import_("importing"), import_("failure", { error_code: 1005 })])
      )
    )
  )
})

describe("Imports.run", () => {
  it.effect("starts, waits, and asks nothing twice", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const fiber = yield* fork(imports.run(csv()))
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "Imported")
      assert.deepStrictEqual(yield* times, [
        ["POST", 0],
        ["GET", 250]
      ])
    }).pipe(Effect.provide(layer([created, complete])))
  )

  it.effect("shows each state to who wants to see it", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const shown: Array<string> = []
      const onState = ({ value }: { readonly value: Import }) =>
        Effect.sync(() => void shown.push(`${value.id} ${value.state}`))
      const fiber = yield* fork(imports.run(url, { onState }))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(shown, [`${id} pending`, `${id} complete`])
    }).pipe(Effect.provide(layer([created, import_("pending"), import_("pending"), complete])))
  )

  it.effect("waits for a slot of a full server, which it asks for its list in between", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const fiber = yield* fork(imports.run(csv()))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "Imported")
      assert.deepStrictEqual(yield* times, [
        ["POST", 0],
        ["GET", 1_000],
        ["GET", 2_500],
        ["POST", 2_500],
        ["GET", 4_750],
        ["POST", 4_750],
        ["GET", 5_000]
      ])
    }).pipe(
      Effect.provide(
        // At the second refusal a slot is lost: the list is short, and there is still no room.
        layer([full, running("1", "2", "3"), running("1", "2"), full, running("1"), created, complete])
      )
    )
  )

  it.effect("waits as long as a proxy says that there are too many", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const password = Redacted.make("s3cret-pass")
      const source = ImportSource.database(
        Connector.mysql({ connection: { server: "s", username: "u", password }, table: "t" })
      )
      const fiber = yield* fork(imports.run(source))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(yield* times, [
        ["POST", 0],
        ["GET", 5_000],
        ["POST", 5_000],
        ["GET", 5_250]
      ])
    }).pipe(Effect.provide(layer([limited, running(), created, complete])))
  )

  it.effect("waits for a slot no longer than its deadline, and no longer than its patience", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const timed = yield* fork(reasonOf(imports.run(url, { timeout: "2 minutes" })))
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual((yield* Fiber.join(timed))._tag, "TimeoutError")
      const patient = yield* fork(reasonOf(imports.run(url, { stalledAfter: "2 hours" })))
      yield* TestClock.adjust("3 hours")
      assert.strictEqual((yield* Fiber.join(patient))._tag, "ConcurrencyError")
    }).pipe(Effect.provide(layer(({ method }) => (method === "POST" ? full : running("1", "2", "3")))))
  )

  it.effect("cannot wait with a source that is there only once, and was sent already", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      assert.strictEqual((yield* reasonOf(imports.run(csv({ replayable: false }))))._tag, "ConcurrencyError")
      assert.strictEqual((yield* seen).length, 1)
    }).pipe(Effect.provide(layer([full, created])))
  )

  it.effect("sends again what never left this machine", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const fiber = yield* fork(imports.run(url))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual((yield* times).slice(0, 2), [
        ["POST", 0],
        ["POST", 250]
      ])
    }).pipe(Effect.provide(layer([unreachable, created, complete])))
  )

  it.effect("asks nothing more when it is interrupted: the server cannot be told", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const fiber = yield* fork(imports.run(url))
      yield* TestClock.adjust("300 millis")
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(yield* times, [
        ["POST", 0],
        ["GET", 250]
      ])
    }).pipe(Effect.provide(layer([created, import_("pending")])))
  )

  it.effect("tells at its deadline which import goes on", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const fiber = yield* fork(reasonOf(imports.run(url, { timeout: "1 second" })))
      yield* TestClock.adjust("1 minute")
      assert.match((yield* Fiber.join(fiber)).message, new RegExp(`the import ${id} goes on`))
    }).pipe(Effect.provide(layer([created, import_("pending")])))
  )
})

const dataset = (name: string, second: number, more: object = {}) => ({
  id: `viz-${name}`,
  name,
  created_at: `2026-11-22T10:00:${String(second).padStart(2, "0")}.000Z`,
  updated_at: `2026-11-22T10:01:${String(second).padStart(2, "0")}.000Z`,
  table: { id: `table-${name}` },
  ...more
})
const several = (count: number) =>
  import_("complete", { table_id: "table-c", table_name: "c", tables_created_count: count })
const listed = (...visualizations: ReadonlyArray<object>): Reply => ({ body: { visualizations, total_entries: 9 } })

describe("Imports of several tables", () => {
  const names = (replies: ReadonlyArray<Reply>, options?: { readonly collisionStrategy: "overwrite" }) =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const fiber = yield* fork(imports.run(url, options))
      yield* TestClock.adjust("1 minute")
      const outcome = yield* Fiber.join(fiber)
      if (outcome._tag !== "Imported") return assert.fail(outcome._tag)
      return [outcome.datasets.map(({ name }) => name), outcome.count, outcome.isCertain] as const
    }).pipe(Effect.provide(layer([created, import_("importing"), ...replies])))

  // The import takes 625 ms; what is older than that is of others.
  const near = (name: string, millis: number) =>
    dataset(name, 0, { created_at: `2026-11-22T10:00:30.${String(millis).padStart(3, "0")}Z` })

  it.effect("have the datasets that appeared with the one that is named, which comes first", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* names([
          several(3),
          listed(near("later", 900), near("c", 800), near("b", 700), near("a", 600), near("old", 50)),
          listed()
        ]),
        [["c", "b", "a"], 3, true]
      )
    })
  )

  it.effect("are not certain when others appeared too", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* names([several(2), listed(near("c", 800), near("b", 700), near("a", 600)), listed()]),
        [["c", "b"], 2, false]
      )
    })
  )

  it.effect("are found by their last change when they were overwritten", () =>
    Effect.gen(function* () {
      const changed = (name: string, second: number) =>
        dataset(name, 0, { updated_at: `2026-11-22T10:00:30.${second}Z`, created_at: "2020-01-01T00:00:00.000Z" })
      assert.deepStrictEqual(
        yield* names([several(2), listed(changed("c", 800), changed("b", 700), dataset("old", 1)), listed()], {
          collisionStrategy: "overwrite"
        }),
        [["c", "b"], 2, true]
      )
    })
  )

  it.effect("are waited for, as long as they need to appear", () =>
    Effect.gen(function* () {
      const all = listed(near("c", 800), near("b", 700))
      assert.deepStrictEqual(yield* names([several(2), listed(), listed(near("c", 800)), listed(), all, listed()]), [
        ["c", "b"],
        2,
        true
      ])
      assert.deepStrictEqual(yield* names([several(2), listed(near("c", 800)), listed()]), [["c"], 2, false])
    })
  )

  /** One import of one table ends, then the one that is looked at runs: the first is in its window, for want of a better one. */
  const after = (...rest: ReadonlyArray<object>) =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const first = yield* fork(imports.run(url))
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(first)
      const fiber = yield* fork(imports.run(url))
      yield* TestClock.adjust("1 minute")
      const outcome = yield* Fiber.join(fiber)
      if (outcome._tag !== "Imported") return assert.fail(outcome._tag)
      return [outcome.datasets.map(({ name }) => name), outcome.isCertain] as const
    }).pipe(
      Effect.provide(
        layer([
          ...[created, import_("complete", { table_id: "table-p", table_name: "p", tables_created_count: 1 })],
          ...[created, import_("importing"), several(2), listed(...rest), listed()]
        ])
      )
    )

  it.effect("are certain right after an import of the same client, and whatever was there before that", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* after(near("c", 800), near("b", 700), near("p", 600), near("a", 500)), [
        ["c", "b"],
        true
      ])
      // Of another client, and after it.
      assert.deepStrictEqual(yield* after(near("c", 800), near("x", 700), near("b", 650), near("p", 600)), [
        ["c", "x"],
        false
      ])
    })
  )

  it.effect("are certain beside an import of the same client that ends earlier", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const long = yield* fork(imports.run(url))
      const short = yield* fork(imports.run(ImportSource.url("https://data.example.test/short.csv")))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual((yield* Fiber.join(short)).datasets, [
        { name: "s", table_id: "table-s", visualization_id: undefined }
      ])
      const outcome = yield* Fiber.join(long)
      if (outcome._tag !== "Imported") return assert.fail(outcome._tag)
      assert.deepStrictEqual([outcome.datasets.map(({ name }) => name), outcome.isCertain], [["c", "b"], true])
    }).pipe(
      Effect.provide(
        layer(({ at, body, method, url }) => {
          if (method === "POST") return { body: { item_queue_id: /short/.test(body) ? "short" : "long" } }
          if (/\/viz/.test(url)) {
            return /page=1&/.test(url) ? listed(near("c", 800), near("s", 750), near("b", 700)) : listed()
          }
          if (/short/.test(url)) {
            return import_("complete", { id: "short", table_id: "table-s", table_name: "s", tables_created_count: 1 })
          }
          return at < 500 ? import_("importing") : several(2)
        })
      )
    )
  )

  it.effect("are still a success when they cannot be listed", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* names([several(2), { status: 403, body: {} }]), [["c"], 2, false])
    })
  )
})

describe("Imports.many", () => {
  const files = (count: number) =>
    Array.from({ length: count }, (_, i) => ImportSource.bytes(`f${i}.csv`, Stream.make(bytes(`a\n${i}\n`))))

  /** A server that finishes an import ten seconds after its start. */
  const server = (slots: number, limits: Reply, fails: (name: string) => boolean = () => false) => {
    const started = new Map<string, { readonly at: number; readonly name: string }>()
    const isRunning = (at: number) => [...started].filter(([, import_]) => at < import_.at + 10_000)
    let most = 0
    return {
      most: () => most,
      reply: ({ at, body, method, url }: Seen): Reply => {
        if (url.includes("/api/v1/users/")) return limits
        if (method === "POST") {
          if (isRunning(at).length >= slots) {
            return {
              status: 429,
              body: { errors: { imports: `We're sorry but you're already using your allowed ${slots} import slots` } }
            }
          }
          const name = /filename="(\w+)/.exec(body)?.[1] ?? ""
          const id = `i-${started.size}`
          started.set(id, { at, name })
          most = Math.max(most, isRunning(at).length)
          return { body: { item_queue_id: id, success: true } }
        }
        const id = url.split("/").at(-1) ?? ""
        const found = started.get(id)
        if (found === undefined) return running(...isRunning(at).map(([id]) => id))
        if (at < found.at + 10_000) return { body: { id, state: "importing" } }
        return {
          body: fails(found.name)
            ? { id, state: "failure", error_code: 1005 }
            : { id, state: "complete", table_id: id, table_name: found.name, tables_created_count: 1 }
        }
      }
    }
  }
  const forbidden: Reply = { status: 403, body: {} }

  const run = (
    one: ReturnType<typeof server>,
    count: number,
    options?: { readonly stopOnFailure?: boolean; readonly importSlots?: number }
  ) =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const fiber = yield* fork(Stream.runCollect(imports.many(files(count), options)))
      yield* TestClock.adjust("10 minutes")
      return (yield* Fiber.join(fiber)).map(({ result, source }) => [
        source._tag === "Bytes" ? source.name : "",
        Result.isSuccess(result) ? result.success.datasets.map(({ name }) => name).join() : result.failure.reason._tag
      ])
    }).pipe(Effect.provide(layer(one.reply, options)))

  const all = (count: number) => Array.from({ length: count }, (_, i) => [`f${i}.csv`, `f${i}`])

  it.effect("runs as many as the account has slots, and reports each", () =>
    Effect.gen(function* () {
      const unknown = server(5, forbidden)
      assert.deepStrictEqual(yield* run(unknown, 7), all(7))
      assert.strictEqual(unknown.most(), 3)
      const known = server(5, { body: { limits: { concurrent_imports: 5 } } })
      assert.deepStrictEqual(yield* run(known, 7), all(7))
      assert.strictEqual(known.most(), 5)
      const given = server(5, forbidden)
      assert.deepStrictEqual(yield* run(given, 4, { importSlots: 1 }), all(4))
      assert.strictEqual(given.most(), 1)
    })
  )

  it.effect("learns from a refusal that there are less", () =>
    Effect.gen(function* () {
      const small = server(2, forbidden)
      assert.sameDeepMembers([...(yield* run(small, 5))], all(5))
      assert.strictEqual(small.most(), 2)
    })
  )

  it.effect("goes on behind a failure, and stops there when asked to", () =>
    Effect.gen(function* () {
      const fails = (name: string) => name === "f1"
      const expected = all(7).map(([name = "", result]) => [name, name === "f1.csv" ? "ImportError" : result])
      assert.sameDeepMembers([...(yield* run(server(3, forbidden, fails), 7))], expected)
      const stopped = yield* run(server(3, forbidden, fails), 7, { stopOnFailure: true })
      assert.sameDeepMembers([...stopped], expected.slice(0, stopped.length))
      assert.isBelow(stopped.length, 6)
    })
  )

  it.effect("ends with the failure of the sources themselves", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const sources = Stream.concat(Stream.fromIterable(files(1)), Stream.fail("no more"))
      const fiber = yield* fork(Effect.exit(Stream.runCollect(imports.many(sources))))
      yield* TestClock.adjust("10 minutes")
      const exit = yield* Fiber.join(fiber)
      assert.strictEqual(Exit.isFailure(exit) ? Cause.squash(exit.cause) : "", "no more")
    }).pipe(Effect.provide(layer(server(3, forbidden).reply)))
  )
})
