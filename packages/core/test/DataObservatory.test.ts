import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Account } from "../src/Account.ts"
import { DataObservatory } from "../src/DataObservatory.ts"
import * as DataSubscription from "../src/DataSubscription.ts"
import { metadataUrl } from "../src/internal/observatoryMetadata.ts"
import { subscription, subscriptionInfo } from "./fixtures/account.ts"
import type { Reply } from "./HttpMock.ts"
import { mutations } from "./mutations.ts"
import { asked, reasonOf, type Script, seen, sent, served } from "./platform.ts"
import { fork } from "./waiting.ts"

const layer = (script: Script, options?: { readonly readOnly?: boolean }) =>
  served(DataObservatory.layer(options), script)

const id = DataSubscription.EntityId.make(subscription.id)
const columns = [{ name: "geoid", type: "STRING" }] as const
const csv = Stream.encodeText(Stream.make("geoid\n", "1\n"))
const enrichment = {
  type: "points",
  input: "states",
  variables: [{ id: "carto-do.provider.table_1.age", aggregation: "avg" }],
  output: "enriched"
} as const

describe("DataSubscription", () => {
  const decode = Schema.decodeUnknownSync(DataSubscription.DataSubscription)

  it("decodes the reference's example, and one that never expires", () => {
    const one = decode(subscription)
    assert.deepStrictEqual([one.type, one.status, one.sync_status], ["dataset", "active", "synced"])
    assert.strictEqual(one.expires_at?.epochMilliseconds, Date.UTC(2021, 5, 1, 10))
    assert.isNull(decode({ ...subscription, expires_at: "" }).expires_at)
  })

  it.effect.prop(
    "decodes whatever else a server tells, or leaves out",
    [
      mutations(
        subscription,
        Object.keys(subscription).filter((name) => name !== "id"),
        ["status", "type", "sync_status", "unsynced_errors"]
      )
    ],
    ([value]) => Effect.asVoid(Schema.decodeUnknownEffect(DataSubscription.DataSubscription)(value))
  )

  it.effect.prop(
    "terms decode whatever else a server tells, or leaves out",
    [mutations(subscriptionInfo, ["tos", "type", "rights", "estimated_delivery_days"], ["type", "licenses"])],
    ([value]) => Effect.asVoid(Schema.decodeUnknownEffect(DataSubscription.SubscriptionInfo)(value))
  )
})

describe("DataObservatory and its subscriptions", () => {
  it.effect("asks with the key as a parameter", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const list = yield* observatory.subscriptions({
        status: "active",
        type: "dataset",
        orderBy: "id",
        direction: "desc"
      })
      assert.strictEqual(list[0]?.id, id)
      assert.deepStrictEqual(yield* asked, [
        "GET /api/v4/do/subscriptions?status=active&type=dataset&order=id&order_direction=desc&api_key=key-of-alice"
      ])
      assert.isUndefined((yield* seen)[0]?.headers.authorization)
    }).pipe(Effect.provide(layer([{ body: { subscriptions: [subscription] } }])))
  )

  it.effect("keeps the token out of sight", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const token = yield* observatory.token
      assert.strictEqual(token.access_token && Redacted.value(token.access_token), "ya29.secret")
      assert.notInclude(`${inspect(token, { depth: 9 })}${JSON.stringify(token)}`, "ya29.secret")
      const error = yield* Effect.flip(observatory.token)
      assert.notInclude(inspect(error, { depth: 9 }), "ya29.secret")
    }).pipe(
      Effect.provide(
        layer([
          { body: { access_token: "ya29.secret", gcs_bucket: null, instant_licensing: true } },
          { body: { access_token: "ya29.secret", gcs_bucket: 7 } }
        ])
      )
    )
  )

  it.effect("takes null for no subscription", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const reason = yield* reasonOf(observatory.subscription(id))
      assert.deepStrictEqual(
        [reason._tag, reason.message],
        ["NotFoundError", `the account has no subscription to ${id}`]
      )
    }).pipe(Effect.provide(layer([{ body: "null" }])))
  )

  it.effect("subscribes on the terms that were read, and no more than once", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const terms = yield* observatory.subscriptionInfo(id, { type: "dataset" })
      assert.strictEqual((yield* reasonOf(observatory.subscribe(terms)))._tag, "ServerError")
      assert.deepStrictEqual(yield* asked, [
        `GET /api/v4/do/subscription_info?id=${id}&type=dataset&api_key=key-of-alice`,
        "POST /api/v4/do/subscriptions?api_key=key-of-alice"
      ])
      assert.deepStrictEqual(yield* sent, [{ id, type: "dataset" }])
    }).pipe(
      Effect.provide(layer(({ method }) => (method === "GET" ? { body: subscriptionInfo } : { status: 502, body: "" })))
    )
  )

  it.effect("sync waits until the data is there", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const syncing = yield* fork(observatory.sync(id))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* Fiber.join(syncing), { sync_status: "synced", sync_table: "my_table" })
      assert.deepStrictEqual(
        (yield* seen).map(({ method }) => method),
        ["POST", "GET", "GET"]
      )
    }).pipe(
      Effect.provide(
        layer([
          { body: { sync_status: "unsynced" } },
          { body: { sync_status: "syncing" } },
          { body: { sync_status: "synced", sync_table: "my_table" } }
        ])
      )
    )
  )

  it.effect("sync fails for what cannot be copied, and for what does not go on", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const refused = yield* reasonOf(observatory.sync(id))
      assert.deepStrictEqual(
        [refused._tag, refused.message],
        ["JobError", `${id} cannot be copied into the account: too many rows`]
      )
      const stalled = yield* fork(reasonOf(observatory.sync(id)))
      yield* TestClock.adjust("3 hours")
      const reason = yield* Fiber.join(stalled)
      assert.deepStrictEqual([reason._tag, reason._tag === "JobError" && reason.jobStatus], ["JobError", "syncing"])
      assert.include(reason.advice, "Unsync")
    }).pipe(
      Effect.provide(
        layer([
          { body: { sync_status: "unsyncable", unsyncable_reason: "too many rows" } },
          { body: { sync_status: "syncing" } }
        ])
      )
    )
  )

  const refusals: ReadonlyArray<readonly [Reply, string, string, RegExp]> = [
    [
      { status: 400, body: { errors: "Wrong 'id' parameter value." } },
      "ValidationError",
      "Wrong 'id' parameter value.",
      /dataset\.table/
    ],
    [
      { status: 404, body: { errors: "No metadata found for a.b.c" } },
      "NotFoundError",
      "No metadata found for a.b.c",
      /name/
    ],
    [{ status: 401, body: " " }, "AuthError", "the key was refused", /master key/],
    [{ status: 403, body: { errors: "Forbidden" } }, "AuthError", "Forbidden", /dataObservatory/],
    [
      { status: 403, body: { errors: ["no active subscription to a.b.c"] } },
      "AuthError",
      "no active subscription to a.b.c",
      /DataObservatory\.subscribe/
    ],
    [{ status: 500, body: { errors: ["Central failed"] } }, "ServerError", "Central failed", /later/]
  ]
  for (const [reply, tag, message, advice] of refusals) {
    it.effect(`a refusal with ${reply.status} is a ${tag}`, () =>
      Effect.gen(function* () {
        const observatory = yield* DataObservatory
        const reason = yield* reasonOf(observatory.subscriptionInfo(id))
        assert.deepStrictEqual([reason._tag, reason.message], [tag, message])
        assert.match(reason.advice, advice)
      }).pipe(Effect.provide(layer([reply])))
    )
  }

  it.effect("a client that only reads orders, copies and uploads nothing", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const terms = Schema.decodeUnknownSync(DataSubscription.SubscriptionInfo)(subscriptionInfo)
      for (const change of [
        observatory.subscribe(terms),
        observatory.unsubscribe(id),
        observatory.requestAccess(id, ["bq"]),
        observatory.sync(id),
        observatory.unsync(id),
        observatory.sample(id),
        observatory.createDataset("states", columns),
        observatory.upload("states", csv),
        observatory.importDataset("states"),
        observatory.load("states", columns, csv),
        observatory.enrich(enrichment)
      ]) {
        assert.include((yield* reasonOf(change)).message, "only reads")
      }
      assert.lengthOf(yield* seen, 0)
    }).pipe(Effect.provide(layer([], { readOnly: true })))
  )
})

describe("DataObservatory and users' datasets", () => {
  const base = "/api/v4/data/observatory"

  it.effect("load makes the dataset, uploads, and waits for its import", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const loading = yield* fork(
        observatory.load("states", columns, csv, { geometryColumn: "the geom", timeToLive: "1 hour" })
      )
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(loading)
      assert.deepStrictEqual(yield* asked, [
        `POST ${base}/user/datasets?api_key=key-of-alice`,
        `POST ${base}/user/datasets/states?geom_column=the+geom&api_key=key-of-alice`,
        `POST ${base}/user/datasets/states/imports?api_key=key-of-alice`,
        `GET ${base}/user/datasets/states/imports/i?api_key=key-of-alice`,
        `GET ${base}/user/datasets/states/imports/i?api_key=key-of-alice`
      ])
      const [create, upload] = yield* seen
      assert.deepStrictEqual(JSON.parse(create?.body ?? ""), { id: "states", schema: columns, ttl_seconds: 3600 })
      assert.strictEqual(upload?.body, "geoid\n1\n")
    }).pipe(
      Effect.provide(
        layer(({ method, url }, index) => {
          if (method === "GET") return { body: { status: index === 3 ? "pending" : "success" } }
          return { body: url.includes("/imports") ? { item_queue_id: "i" } : {} }
        })
      )
    )
  )

  it.effect("an upload's own failure is the result", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const failure = yield* Effect.flip(observatory.upload("states", Stream.fail("disk")))
      assert.strictEqual(failure, "disk")
    }).pipe(Effect.provide(layer([{ body: {} }])))
  )

  const failures: ReadonlyArray<readonly [unknown, RegExp]> = [
    [["row 3 is broken", "row 4, too"], /row 3 is broken; row 4, too$/],
    ["a text", /a text$/],
    ["no dataset at /?api_key=key-of-alice", /api_key=<redacted>$/],
    [{ code: 7 }, /\{"code":7\}$/],
    [[], /failed$/],
    [null, /failed$/],
    [undefined, /failed$/]
  ]
  for (const [errors, message] of failures) {
    it.effect(`an import that fails tells its errors: ${JSON.stringify(errors)}`, () =>
      Effect.gen(function* () {
        const observatory = yield* DataObservatory
        const importing = yield* fork(reasonOf(observatory.importDataset("states")))
        yield* TestClock.adjust("1 minute")
        const reason = yield* Fiber.join(importing)
        assert.strictEqual(reason._tag, "JobError")
        assert.match(reason.message, message)
        assert.include(reason.advice, "upload it again")
      }).pipe(
        Effect.provide(
          layer(({ method }) => ({
            body: method === "POST" ? { item_queue_id: "i" } : { status: "failure", errors }
          }))
        )
      )
    )
  }

  it.effect("an enrichment is waited for, and does not stall for ever", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const stalled = yield* fork(reasonOf(observatory.enrich(enrichment, { stalledAfter: "1 minute" })))
      yield* TestClock.adjust("10 minutes")
      assert.match((yield* Fiber.join(stalled)).message, /j has stood still for .*, with status running$/)
      const timeout = yield* fork(reasonOf(observatory.enrich(enrichment, { timeout: "1 minute" })))
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual((yield* Fiber.join(timeout))._tag, "TimeoutError")
      assert.deepStrictEqual((yield* sent)[0], enrichment)
    }).pipe(
      Effect.provide(layer(({ method }) => ({ body: method === "POST" ? { job_id: "j" } : { status: "running" } })))
    )
  )

  it.effect("a download comes as it is read, with its options", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const text = yield* observatory
        .download("states", { limit: 2, orderBy: "geoid", query: "select 1", addGeometry: true, isGeography: false })
        .pipe(Stream.decodeText, Stream.mkString)
      assert.strictEqual(text, "geoid\n1\n")
      assert.strictEqual(
        (yield* asked)[0],
        `GET ${base}/user/datasets/states?limit=2&order_by=geoid&sql_query=select+1&add_geom=true&is_geography=false&api_key=key-of-alice`
      )
    }).pipe(Effect.provide(layer([{ body: "geoid\n1\n", headers: { "content-type": "text/csv" } }])))
  )

  it.effect("what is taken of a download is what is read of it", () => {
    let read = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        read += 1
        controller.enqueue(new Uint8Array(65_536))
      }
    })
    return Effect.gen(function* () {
      const observatory = yield* DataObservatory
      yield* Stream.runDrain(Stream.take(observatory.download("states"), 10))
      assert.isBelow(read, 20)
    }).pipe(Effect.provide(layer([{ body: endless, headers: { "content-type": "text/csv" } }])))
  })

  it.effect("a time to live is a second at least", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const reason = yield* reasonOf(observatory.createDataset("states", columns, { timeToLive: 0 }))
      assert.strictEqual(reason._tag, "ValidationError")
      assert.lengthOf(yield* seen, 0)
    }).pipe(Effect.provide(layer([])))
  )
})

describe("DataObservatory.metadata", () => {
  it.effect("asks the catalog's own user, without the key", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const found = yield* observatory.metadata("datasets", { id: "a b", of: "variables", filters: { country: "esp" } })
      assert.deepStrictEqual(found, { results: [] })
      const [request] = yield* seen
      assert.strictEqual(
        request?.url,
        "https://do-metadata.carto.com/api/v4/data/observatory/metadata/datasets/a%20b/variables?country=esp"
      )
      assert.notInclude(inspect(request?.headers), "key-of-alice")
      assert.isUndefined(request?.headers.authorization)
    }).pipe(Effect.provide(layer([{ body: { results: [] } }])))
  )

  it("is at the same kind of address", () => {
    const of = (baseUrl: string) => metadataUrl(new Account({ baseUrl, user: "alice" }), "countries", {})
    const path = "/api/v4/data/observatory/metadata/countries"
    assert.strictEqual(of("https://alice.example.test:8080"), `https://do-metadata.example.test:8080${path}`)
    assert.strictEqual(of("https://acme.carto.com/u/alice"), `https://do-metadata.carto.com${path}`)
    assert.strictEqual(of("https://acme.carto.com/user/alice"), `https://do-metadata.carto.com${path}`)
    for (const host of ["127.0.0.1:8080", "[::1]:8080", "localhost:8080"]) {
      assert.strictEqual(of(`http://${host}/u/alice`), `http://${host}/user/do-metadata${path}`)
      assert.strictEqual(of(`http://${host}`), `http://${host}/user/do-metadata${path}`)
    }
    assert.strictEqual(of("https://gis.example.test/user/alice"), `https://gis.example.test/user/do-metadata${path}`)
  })
})
