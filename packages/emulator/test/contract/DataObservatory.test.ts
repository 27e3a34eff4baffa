import { assert, it } from "@effect/vitest"
import {
  ApiKeyGrants,
  ApiKeys,
  CartoError,
  DataObservatory,
  DataSubscription,
  Sql,
  type UserDataset,
  Users
} from "@effect-carto/core"
import { Effect, Layer, Redacted, Schema, Stream } from "effect"
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

const points = DataSubscription.EntityId.make("carto-do-public-data.local.small_states_points")

const Member = Schema.Record(Schema.String, Schema.Json)

const columns: ReadonlyArray<UserDataset.Column> = [
  { name: "name", type: "STRING" },
  { name: "area", type: "INTEGER" }
]

const emulator = Emulator.layer({ organization: { name: "acme" } })
const layer = connected().pipe(Layer.provideMerge(emulator), Layer.provide(PgliteDatabase.layer()))

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
      const early = yield* reasonOf(observatory.sync(premium))
      assert.deepStrictEqual(
        [early._tag, early.message],
        ["JobError", `${premium} cannot be copied into the account: the subscription is requested, not active`]
      )
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

  const loadShops = Effect.flatMap(DataObservatory, ({ load }) =>
    load(
      "shops",
      [
        { name: "id", type: "INT64" },
        { name: "geom", type: "GEOGRAPHY" }
      ],
      Stream.encodeText(Stream.make("id,geom\n1,POINT(1.53 42.5)\n2,POINT(0 0)\n"))
    )
  )

  const text = (name: string, options?: UserDataset.DownloadOptions) =>
    Effect.flatMap(DataObservatory, ({ download }) => download(name, options).pipe(Stream.decodeText, Stream.mkString))

  it.effect("a dataset is enriched, and read with a query", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const { observatory: knobs } = yield* Emulator
      yield* loadShops
      yield* observatory.subscribe(yield* observatory.subscriptionInfo(states))
      // Both states before the end are waited out.
      yield* knobs.setPolls({ pending: 2, running: 1 })
      const variables = [`${states}.name`, { id: `${states}.area` }]
      const made = yield* observatory.enrich({
        type: "points",
        input: "shops",
        variables,
        filters: { [`${states}.population`]: "> 1000" },
        output: "shops_rich"
      })
      yield* knobs.setPolls({})
      assert.strictEqual(made.output, "shops_rich")
      assert.strictEqual(
        yield* text(made.output, { orderBy: "id" }),
        "id,geom,name,area\n1,POINT(1.53 42.5),Andorra,468\n2,POINT(0 0),,\n"
      )
      const counted = "select count(*) as n, count(name) as named from $dataset$"
      assert.strictEqual(yield* text(made.output, { query: counted }), "n,named\n2,1\n")
    })
  )

  it.effect("an enrichment that fails tells every reason", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      yield* loadShops
      const failed = yield* reasonOf(
        observatory.enrich({ type: "points", input: "shops", variables: ["a", "b"], output: "never" })
      )
      assert.deepStrictEqual([failed._tag, failed._tag === "JobError" && failed.jobStatus], ["JobError", "failure"])
      assert.match(failed.message, /^the enrichment \S+ failed: unknown variable a; unknown variable b$/)
      const refused = yield* reasonOf(
        observatory.enrich({ type: "points", input: "shops", variables: [], output: "never" })
      )
      assert.deepStrictEqual([refused._tag, refused.status], ["ValidationError", 400])
      const missing = yield* reasonOf(text("never"))
      assert.strictEqual(missing._tag, "NotFoundError")
    })
  )

  it.effect("what is subscribed to is downloaded, with its places or as a geography", () =>
    Effect.gen(function* () {
      const observatory = yield* DataObservatory
      const refused = yield* reasonOf(text(points, { isGeography: true }))
      assert.deepStrictEqual([refused._tag, refused.status], ["AuthError", 403])
      assert.include(refused.advice, "DataObservatory.subscribe")
      yield* observatory.subscribe(yield* observatory.subscriptionInfo(points))
      const query = "select name, geom from $geography$ where geoid = 'MLT'"
      assert.strictEqual(yield* text(points, { isGeography: true, query }), "name,geom\nMalta,POINT(14.5146 35.8989)\n")
      yield* observatory.subscribe(yield* observatory.subscriptionInfo(states))
      const placed = yield* text(states, { addGeometry: true, orderBy: "geoid", limit: 1 })
      assert.match(placed, /^geoid,name,area,population,geom\nAND,Andorra,468,77000,"POLYGON\(/)
      const bad = yield* reasonOf(text(states, { query: "select nothing from $dataset$" }))
      assert.deepStrictEqual([bad._tag, bad.message], ["ValidationError", 'column "nothing" does not exist'])
    })
  )

  it.effect("the catalog is public, filtered, and told by id or slug", () =>
    Effect.gen(function* () {
      const { metadata } = yield* DataObservatory
      const Items = Schema.Array(Schema.StructWithRest(Schema.Struct({ id: Schema.String }), [Member]))
      const list = (...args: Parameters<typeof metadata>) =>
        Effect.flatMap(metadata(...args), Schema.decodeUnknownEffect(Items))
      const ids = (...args: Parameters<typeof metadata>) =>
        Effect.map(list(...args), (items) => items.map(({ id }) => id))
      for (const entity of [
        "countries",
        "categories",
        "providers",
        "datasets",
        "geographies",
        "variables",
        "variables_groups"
      ] as const) {
        const [first] = yield* list(entity)
        assert.deepStrictEqual(yield* metadata(entity, { id: first?.id }), first)
        if (first?.slug !== undefined) {
          assert.deepStrictEqual(yield* metadata(entity, { id: String(first.slug) }), first)
        }
      }
      assert.deepStrictEqual(yield* ids("datasets", { filters: { country: "mlt" } }), [
        "carto-do-public-data.local.malta_population"
      ])
      assert.deepStrictEqual(yield* ids("datasets", { id: states, of: "variables" }), [
        `${states}.area`,
        `${states}.geoid`,
        `${states}.name`,
        `${states}.population`
      ])
      const missing = yield* reasonOf(metadata("datasets", { id: unknown }))
      assert.deepStrictEqual([missing._tag, missing.message], ["NotFoundError", `datasets: ${unknown} not found`])
      const odd = yield* reasonOf(metadata("datasets", { filters: { colour: "red" } }))
      assert.deepStrictEqual([odd._tag, odd.status], ["ValidationError", 400])
      assert.include(odd.message, "unknown filter colour")
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

  it.effect("a member of the organization has a Data Observatory of its own", () =>
    Effect.gen(function* () {
      const { origin } = yield* Emulator
      const users = yield* Users
      const password = Redacted.make("correct horse")
      const make = users.create({ username: "bob", email: "bob@example.test", password })
      const be = (apiKey: Redacted.Redacted) => Layer.fresh(connected({ url: `${origin}/u/bob`, apiKey }))
      const bob = be((yield* make).api_key ?? password)
      yield* Effect.gen(function* () {
        const observatory = yield* DataObservatory
        assert.deepStrictEqual(yield* observatory.subscriptions(), [])
        assert.strictEqual((yield* reasonOf(text("shops")))._tag, "NotFoundError")
        yield* observatory.subscribe(yield* observatory.subscriptionInfo(states))
        const { sync_table } = yield* observatory.sync(states)
        const sql = yield* Sql
        const { rows } = yield* sql.query()(
          sql.unsafe(
            `select schemaname as s from pg_tables where tablename = '${sync_table}' and tableowner = current_user`
          )
        )
        assert.deepStrictEqual(rows, [{ s: "bob" }])
        yield* loadShops
        yield* observatory.enrich({ type: "points", input: "shops", variables: [`${states}.name`], output: "mine" })
        assert.include(yield* text("mine"), "Andorra")
        assert.isNotEmpty(JSON.stringify(yield* observatory.metadata("countries")))
      }).pipe(Effect.provide(bob))
      assert.strictEqual((yield* reasonOf(text("mine")))._tag, "NotFoundError")
      yield* users.delete("bob", { force: true })
      const again = be((yield* make).api_key ?? password)
      const subscriptions = Effect.flatMap(DataObservatory, (observatory) => observatory.subscriptions())
      assert.deepStrictEqual(yield* Effect.provide(subscriptions, again), [])
      assert.strictEqual((yield* Effect.provide(reasonOf(text("mine")), again))._tag, "NotFoundError")
    })
  )
})
