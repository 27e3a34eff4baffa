import { assert, it } from "@effect/vitest"
import {
  ApiKeyGrants,
  ApiKeys,
  CartoError,
  DataObservatory,
  DataSubscription,
  Sql,
  type UserDataset
} from "@effect-carto/core"
import { Effect, Layer, Redacted, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { connected } from "./layer.ts"

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })

const states = DataSubscription.EntityId.make("carto-do-public-data.local.small_states")
const premium = DataSubscription.EntityId.make("carto-do.local.small_states")
const unknown = DataSubscription.EntityId.make("carto-do.local.nothing")

const columns: ReadonlyArray<UserDataset.Column> = [
  { name: "name", type: "STRING" },
  { name: "area", type: "INTEGER" }
]

const layer = connected().pipe(Layer.provideMerge(Emulator.layer()), Layer.provide(PgliteDatabase.layer()))

it.layer(layer, { timeout: "2 minutes", excludeTestServices: true })("DataObservatory against the emulator", (it) => {
  it.effect("the token is kept out of sight", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const { access_token } = yield* observatory.token
      assert.isTrue(Redacted.isRedacted(access_token))
    })
  )

  it.effect("a subscription is looked at, made, copied into the account, and ended", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const sql = yield* Sql
      const terms = yield* observatory.subscriptionInfo(states)
      assert.deepStrictEqual([terms.id, terms.type, terms.subscription_list_price], [states, "dataset", 0])
      yield* observatory.subscribe(terms)
      const made = yield* observatory.subscription(states)
      assert.deepStrictEqual([made.status, made.sync_status], ["active", "unsynced"])
      const synced = yield* observatory.sync(states)
      assert.strictEqual(synced.sync_status, "synced")
      const { rows } = yield* sql.query()(sql.unsafe(`select * from "${synced.sync_table}"`))
      assert.strictEqual(rows.length, 6)
      assert.deepStrictEqual(yield* observatory.syncState(states), synced)
      yield* observatory.unsync(states)
      yield* observatory.unsubscribe(states)
      const gone = yield* reasonOf(observatory.subscription(states))
      assert.strictEqual(gone._tag, "NotFoundError")
    })
  )

  it.effect("what has its price is requested, listed by type and status, and asked for elsewhere", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      yield* observatory.subscribe(yield* observatory.subscriptionInfo(premium, { type: "dataset" }))
      yield* observatory.subscribe(yield* observatory.subscriptionInfo(states))
      const requested = yield* observatory.subscriptions({ status: "requested" })
      assert.deepStrictEqual(
        requested.map(({ id }) => id),
        [premium]
      )
      const ordered = yield* observatory.subscriptions({ type: "dataset", orderBy: "id", direction: "desc" })
      assert.deepStrictEqual(
        ordered.map(({ id }) => id),
        [premium, states]
      )
      const asked = yield* observatory.requestAccess(states, ["bq", "aws"])
      assert.deepStrictEqual(
        [asked.full_access_status_bq, asked.full_access_status_aws, asked.full_access_status_azure],
        ["requested", "requested", null]
      )
      assert.isAbove((yield* observatory.entityInfo(states)).estimated_row_count ?? 0, 0)
      yield* observatory.sample(premium)
    })
  )

  it.effect("what is wrong is told in the server's words", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const nothing = yield* reasonOf(observatory.subscriptionInfo(unknown))
      assert.deepStrictEqual([nothing._tag, nothing.message], ["NotFoundError", `No metadata found for ${unknown}`])
      const odd = yield* reasonOf(observatory.subscriptionInfo(DataSubscription.EntityId.make("../x y")))
      assert.deepStrictEqual([odd._tag, odd.message], ["ValidationError", "Wrong 'id' parameter value."])
      assert.include(odd.advice, "project.dataset.table")
      assert.strictEqual((yield* reasonOf(observatory.entityInfo(unknown)))._tag, "NotFoundError")
      assert.strictEqual((yield* reasonOf(observatory.syncState(unknown)))._tag, "NotFoundError")
    })
  )

  it.effect("a dataset is loaded, and read as it comes", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const csv = Stream.make("name,area\n", "Andorra,468\n", "Monaco,2\n").pipe(Stream.encodeText)
      yield* observatory.load("states", columns, csv, { geometryColumn: "name", timeToLive: "1 day" })
      const read = (options?: UserDataset.DownloadOptions) =>
        observatory.download("states", options).pipe(Stream.decodeText, Stream.mkString)
      assert.strictEqual(yield* read(), "name,area\nAndorra,468\nMonaco,2\n")
      assert.strictEqual(yield* read({ limit: 1, orderBy: "area" }), "name,area\nMonaco,2\n")
    })
  )

  it.effect("an import that fails, and a dataset that is not there, tell why", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const csv = Stream.encodeText(Stream.make("name,area\nAndorra,small\n"))
      const failed = yield* reasonOf(observatory.load("wrong", columns, csv))
      assert.deepStrictEqual([failed._tag, failed._tag === "JobError" && failed.jobStatus], ["JobError", "failure"])
      assert.include(failed.message, "small")
      const missing = yield* reasonOf(Stream.runDrain(observatory.download("nowhere")))
      assert.deepStrictEqual([missing._tag, missing.message], ["NotFoundError", "dataset nowhere not found"])
      const odd = yield* reasonOf(observatory.createDataset("a b", columns))
      assert.deepStrictEqual([odd._tag, odd.status], ["ValidationError", 400])
    })
  )

  it.effect("a key needs the API do", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      const { url } = yield* Emulator
      const list = Effect.flatMap(DataObservatory, (observatory) => observatory.subscriptions())
      const withKey = (apiKey: Redacted.Redacted) => Effect.provide(list, Layer.fresh(connected({ url, apiKey })))
      const viewer = yield* keys.create("viewer", [ApiKeyGrants.sql])
      const refused = yield* reasonOf(withKey(viewer.token))
      assert.deepStrictEqual([refused._tag, refused.status], ["AuthError", 403])
      assert.include(refused.advice, "ApiKeyGrants.dataObservatory")
      const scientist = yield* keys.create("scientist", [ApiKeyGrants.dataObservatory])
      assert.isNotEmpty(yield* withKey(scientist.token))
    })
  )
})
