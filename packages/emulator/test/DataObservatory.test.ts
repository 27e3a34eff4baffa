import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { basic, json, send } from "./http.ts"

const ask = Effect.fnUntraced(function* (method: string, path: string, body?: object | string, key?: string) {
  const { masterKey, url } = yield* Emulator
  const api_key = key ?? Redacted.value(masterKey)
  return yield* send(`${url}/api/v4/${path}${path.includes("?") ? "&" : "?"}api_key=${api_key}`, {
    method,
    headers: { "content-type": typeof body === "string" ? "text/csv" : "application/json" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) })
  })
})

const sql = Effect.fnUntraced(function* (q: string) {
  return json(yield* ask("POST", "sql", { q }))
})

const open = "carto-do-public-data.local.small_states"
const points = "carto-do-public-data.local.small_states_points"
const closed = "carto-do.local.small_states"

const layer = Emulator.layer().pipe(Layer.provide(PgliteDatabase.layer()))

it.layer(layer, { timeout: "2 minutes" })("DataObservatory", (it) => {
  it.effect("public data is subscribed at once, other data requested", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(json(yield* ask("GET", `do/subscriptions/${open}`)), null)
      const info = yield* ask("POST", "do/subscriptions", { id: open, type: "dataset" })
      assert.deepStrictEqual([info.status, json(info).id, json(info).subscription_list_price], [200, open, 0])
      yield* TestClock.adjust("1 second")
      yield* ask("POST", "do/subscriptions", { id: closed })
      const one = json(yield* ask("GET", `do/subscriptions/${open}`))
      assert.deepStrictEqual(
        [one.dataset_id, one.project, one.dataset, one.table, one.type, one.status, one.sync_status],
        [open, "carto-do-public-data", "local", "small_states", "dataset", "active", "unsynced"]
      )
      assert.match(one.created_at, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/)
      const ids = (query: string) =>
        Effect.map(ask("GET", `do/subscriptions?${query}`), (answer) =>
          json(answer).subscriptions.map(({ id }: { id: string }) => id)
        )
      assert.deepStrictEqual(yield* ids(""), [open, closed])
      assert.deepStrictEqual(yield* ids("order=created_at&order_direction=desc"), [closed, open])
      assert.deepStrictEqual(yield* ids("status=requested"), [closed])
      assert.deepStrictEqual(yield* ids("status=anything"), [open, closed])
      assert.deepStrictEqual(yield* ids("type=geography"), [])
      assert.strictEqual(json(yield* ask("GET", `do/subscriptions/${closed}`)).expires_at, "")
      assert.strictEqual((yield* ask("DELETE", `do/subscriptions?id=${closed}`)).status, 204)
      assert.deepStrictEqual(yield* ids(""), [open])
    })
  )

  it.effect("what was requested is delivered in three days, and ends after a year", () =>
    Effect.gen(function* () {
      const state = Effect.map(ask("GET", `do/subscriptions/${closed}`), (answer) => {
        const { status, sync_status } = json(answer)
        return [status, sync_status]
      })
      assert.strictEqual(json(yield* ask("POST", "do/subscriptions", { id: closed })).estimated_delivery_days, 3)
      assert.deepStrictEqual(yield* state, ["requested", "unsyncable"])
      const early = json(yield* ask("POST", `do/subscriptions/${closed}/sync`))
      assert.deepStrictEqual(early, {
        sync_status: "unsyncable",
        unsyncable_reason: "the subscription is requested, not active"
      })
      yield* TestClock.adjust("3 days")
      assert.deepStrictEqual(yield* state, ["active", "unsynced"])
      yield* TestClock.adjust("365 days")
      assert.deepStrictEqual(yield* state, ["expired", "unsyncable"])
      yield* ask("POST", "do/subscriptions", { id: closed })
      assert.deepStrictEqual(yield* state, ["requested", "unsyncable"])
      yield* ask("DELETE", `do/subscriptions?id=${closed}`)
    })
  )

  it.effect("a subscription becomes a dataset of the account", () =>
    Effect.gen(function* () {
      yield* ask("POST", "do/subscriptions", { id: points })
      const started = json(yield* ask("POST", `do/subscriptions/${points}/sync`))
      assert.deepStrictEqual(started, { sync_status: "syncing", sync_table: "local_small_states_points" })
      yield* TestClock.adjust("1 second")
      const done = json(yield* ask("GET", `do/subscriptions/${points}`))
      assert.deepStrictEqual([done.sync_status, done.sync_table], ["synced", "local_small_states_points"])
      assert.match(done.sync_table_id, /^[\da-f-]{36}$/)
      const rows = "SELECT count(*)::int AS n, count(the_geom)::int AS g FROM local_small_states_points"
      assert.deepStrictEqual((yield* sql(rows)).rows, [{ n: 6, g: 6 }])
      assert.strictEqual((yield* ask("DELETE", `do/subscriptions/${points}/sync`)).status, 204)
      assert.deepStrictEqual(json(yield* ask("GET", `do/subscriptions/${points}/sync`)), { sync_status: "unsynced" })
      assert.deepStrictEqual((yield* sql(rows)).rows, [{ n: 6, g: 6 }])

      assert.strictEqual((yield* ask("POST", `do/subscriptions/${closed}/sample`)).status, 204)
      assert.strictEqual((yield* sql("SELECT * FROM sample_local_small_states")).total_rows, 6)
    })
  )

  it.effect("access to other stores is requested", () =>
    Effect.gen(function* () {
      yield* ask("POST", "do/subscriptions", { id: open })
      const asked = yield* ask("PUT", `do/subscriptions/${open}`, { full_access_status_aws: "requested" })
      assert.deepStrictEqual(
        [json(asked).full_access_status_aws, json(asked).full_access_status_bq],
        ["requested", null]
      )
      const nothing = yield* ask("PUT", `do/subscriptions/${open}`, { status: "active" })
      assert.deepStrictEqual([nothing.status, json(nothing)], [400, { errors: "Unexpected params received" }])
    })
  )

  it.effect("wrong ids and types, and what is unknown, are told", () =>
    Effect.gen(function* () {
      const cases = [
        ["do/subscription_info?id=a.b", 400, "Wrong 'id' parameter value."],
        [
          `do/subscription_info?id=${open}&type=map`,
          400,
          "Wrong 'type' parameter value. Valid values are one of dataset, geography"
        ],
        ["do/subscription_info?id=a.b.c", 404, "No metadata found for a.b.c"],
        ["do/subscriptions?type=map", 400, "Wrong 'type' parameter value. Valid values are one of dataset, geography"],
        ["do/entity_info?entity_id=a.b.c", 404, "Entity not found with id a.b.c"],
        ["do/subscriptions/a.b.c/sync", 404, "Subscription not found with id a.b.c for user alice"]
      ] as const
      for (const [path, status, errors] of cases) {
        const answer = yield* ask("GET", path)
        assert.deepStrictEqual([answer.status, json(answer).errors], [status, errors])
      }
      assert.strictEqual(json(yield* ask("GET", `do/entity_info?entity_id=${open}`)).estimated_row_count, 6)
      assert.isString(json(yield* ask("GET", "do/token")).access_token)
    })
  )

  it.effect("a key needs the API, and has to be a parameter", () =>
    Effect.gen(function* () {
      const { addKey, masterKey, url } = yield* Emulator
      yield* addKey({ name: "observer", apis: ["do"] })
      yield* addKey({ name: "other" })
      for (const [key, status] of [
        ["local-observer-key", 200],
        ["local-other-key", 403],
        ["default_public", 403],
        ["wrong", 401]
      ] as const) {
        assert.strictEqual((yield* ask("GET", "do/token", undefined, key)).status, status)
      }
      yield* addKey({ name: "held", apis: ["do"], datasets: [open] })
      assert.strictEqual((yield* ask("POST", `do/subscriptions/${closed}/sample`, {}, "local-held-key")).status, 403)
      const alone = yield* send(`${url}/api/v4/do/token`, { headers: basic("alice", Redacted.value(masterKey)) })
      assert.strictEqual(alone.status, 403)
    })
  )

  it.effect("the catalog is public, whoever is asked for it", () =>
    Effect.gen(function* () {
      const { origin, url } = yield* Emulator
      const metadata = "api/v4/data/observatory/metadata"
      for (const base of [`${origin}/user/do-metadata`, url, `${origin}/u/nobody`]) {
        const answer = yield* send(`${base}/${metadata}/countries`)
        assert.deepStrictEqual(json(answer), [
          { id: "glo", name: "Global" },
          { id: "mlt", name: "Malta" }
        ])
        assert.strictEqual(answer.headers["access-control-allow-origin"], "*")
      }
      const get = (path: string) => send(`${origin}/user/do-metadata/${metadata}/${path}`)
      const found = json(yield* get(`datasets/${open}`))
      assert.deepStrictEqual(
        [found.id, found.geography_id, found.is_public_data],
        [open, "carto-do-public-data.local.small_states_outlines", true]
      )
      const [area] = json(yield* get(`datasets/${found.slug}/variables`))
      assert.deepStrictEqual(
        [area.id, area.column_name, area.db_type, area.agg_method],
        [`${open}.area`, "area", "INTEGER", "SUM"]
      )
      const several = json(yield* get("datasets?country=mlt&country=glo&client=test&api_key=anything"))
      assert.lengthOf(several, 4)
      const cases = [
        ["planets", 404, "no entity planets"],
        ["planets/earth", 404, "no entity planets"],
        ["countries/usa", 404, "countries: usa not found"],
        ["datasets/a.b.c/variables", 404, "datasets: a.b.c not found"],
        ["datasets?colour=red", 400, /^unknown filter colour; there are country,/],
        [`datasets/${open}/variables?colour=red`, 400, /^unknown filter colour/]
      ] as const
      for (const [path, status, error] of cases) {
        const answer = yield* get(path)
        assert.strictEqual(answer.status, status, path)
        assert.match(json(answer).errors[0], typeof error === "string" ? new RegExp(`^${error}$`) : error)
      }
    })
  )
})
