import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Emulator } from "../src/Emulator.ts"
import { entities } from "../src/observatory/entities.ts"
import { viewOf } from "../src/observatory/observatoryRole.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { ask, refusal, sql } from "./account.ts"
import { askUntil } from "./asking.ts"
import { json } from "./http.ts"
import {
  download,
  importCsv,
  lines,
  load,
  runImport,
  service,
  subscribe,
  upload
} from "./observatory/observatoryClient.ts"

const states = "carto-do-public-data.local.small_states"
const points = "carto-do-public-data.local.small_states_points"
const premium = "carto-do.local.small_states"

const datasets = `${service}/user/datasets`

const words = load("words", ["id:INTEGER", "word:STRING"], 'id,word\n2,"b, c"\n1,ñ\n')

const layer = Emulator.layer().pipe(Layer.provide(PgliteDatabase.layer()))

it.layer(layer, { timeout: "2 minutes" })("UserDatasets", (it) => {
  it.effect("a table is uploaded, imported, and read again", () =>
    Effect.gen(function* () {
      yield* words
      assert.deepStrictEqual(yield* lines("words", { order_by: "id", limit: "1" }), ["id,word", "1,ñ"])
      const bad = yield* importCsv("words", "id,word\nx,y\n")
      assert.deepStrictEqual(bad, { status: "failure", errors: ['invalid input syntax for type bigint: "x"'] })
      assert.deepStrictEqual(yield* runImport("words"), {
        status: "failure",
        errors: ["nothing was uploaded to words"]
      })
      assert.lengthOf(yield* lines("words"), 3)
      assert.strictEqual((yield* download("words", { order_by: "nothing" })).status, 400)
      assert.strictEqual((yield* download("words", { limit: "-1" })).status, 400)
    })
  )

  it.effect("each type is read and written as BigQuery does", () =>
    Effect.gen(function* () {
      const columns = ["b:BOOL", "f:FLOAT64", "d:DATE", "t:DATETIME", "g:geography", "h:GEOGRAPHY", "j:GEOGRAPHY"]
      const json = '"{""type"":""Point"",""coordinates"":[1,2]}"'
      const hex = "0101000000000000000000F03F0000000000000040"
      yield* load(
        "types",
        columns,
        `b,f,d,t,g,h,j\ntrue,1.5,2020-01-31,2020-01-31 10:00:00,POINT(1 2),${hex},${json}\n`
      )
      assert.strictEqual(
        (yield* lines("types"))[1],
        "true,1.5,2020-01-31,2020-01-31 10:00:00,POINT(1 2),POINT(1 2),POINT(1 2)"
      )
      const odd = yield* importCsv("types", "b,f,d,t,g,h,j\n,,,,nowhere,,\n")
      assert.strictEqual(odd.status, "failure")
      assert.match(odd.errors[0], /geometry/)
    })
  )

  it.effect("a query reads the dataset by its placeholder, in PostgreSQL's words", () =>
    Effect.gen(function* () {
      yield* words
      const query = "select upper(word) as up, id from $dataset$ where id > 1; -- only these"
      assert.deepStrictEqual(yield* lines("words", { sql_query: query }), ["up,id", '"B, C",2'])
      const twice = "with w as (select * from $dataset$) select count(*) from w join $dataset$ using (id)"
      assert.deepStrictEqual(yield* lines("words", { sql_query: twice }), ["count", "2"])
      const sorted = yield* lines("words", { sql_query: "select id from $dataset$", order_by: "id", limit: "1" })
      assert.deepStrictEqual(sorted, ["id", "1"])
    })
  )

  it.effect("bad SQL is refused with the database's words, and reaches nothing else", () =>
    Effect.gen(function* () {
      yield* words
      yield* sql("create table secrets as select 1 as a")
      const cases = [
        ["select * from words", "sql_query has to read from $dataset$"],
        ["select * from $geography$", "sql_query has to read from $dataset$"],
        ["select * from $dataset$; select 1", "sql_query has to be one SELECT"],
        ["select * from $dataset$ where $a$;$a$ = ''; drop table x", "sql_query has to be one SELECT"],
        ["selct * from $dataset$", "sql_query has to be one SELECT"],
        ["select * frm $dataset$", "syntax error at or near"],
        ["select nothing from $dataset$", 'column "nothing" does not exist'],
        ["select 1 / (id - id) from $dataset$", "division by zero"],
        ["delete from $dataset$ returning *", "sql_query has to be one SELECT"],
        [
          "with gone as (delete from $dataset$ returning *) select * from gone",
          "WITH clause containing a data-modifying statement must be at the top level"
        ],
        ["select a from $dataset$, secrets", "permission denied for table secrets"],
        ["select * from $dataset$, carto_emulator.api_keys", "permission denied for table api_keys"]
      ] as const
      for (const [query, error] of cases) {
        const answer = yield* download("words", { sql_query: query })
        assert.strictEqual(answer.status, 400, answer.text)
        assert.include(json(answer).errors[0], error)
      }
      assert.lengthOf(yield* lines("words"), 3)
    })
  )

  it.effect("what is subscribed to is downloaded by id or slug, with its places or as a geography", () =>
    Effect.gen(function* () {
      const missing = yield* download(states)
      assert.deepStrictEqual(refusal(missing), [403, { errors: [`no active subscription to ${states}`] }])
      yield* subscribe(states)
      yield* subscribe(points)
      const [header, first] = yield* lines(states, { order_by: "geoid" })
      assert.deepStrictEqual([header, first], ["geoid,name,area,population", "AND,Andorra,468,77000"])
      const item = json(yield* ask("GET", `${service}/metadata/datasets/${states}`))
      const [place] = yield* lines(item.slug, { add_geom: "true", sql_query: "select geom from $dataset$", limit: "1" })
      assert.strictEqual(place, "geom")
      const query = "select geoid, geom from $geography$ where name = 'Malta'"
      const rows = yield* lines(points, { is_geography: "true", sql_query: query })
      assert.deepStrictEqual(rows, ["geoid,geom", "MLT,POINT(14.5146 35.8989)"])
      assert.deepStrictEqual(refusal(yield* download(points)), [404, { errors: [`dataset ${points} not found`] }])
      const both = { is_geography: "true" }
      assert.deepStrictEqual(refusal(yield* download(states, both)), [
        404,
        { errors: [`geography ${states} not found`] }
      ])
      yield* subscribe(premium)
      assert.strictEqual((yield* download(premium)).status, 403)
      const [closed] = entities.filter(({ id }) => id === premium)
      const aside = `select 1 from $dataset$, ${closed && viewOf(closed)}`
      assert.include((yield* download(states, { sql_query: aside })).text, "permission denied")
    })
  )

  it.effect("a dataset is gone after its time", () =>
    Effect.gen(function* () {
      const schema = [{ name: "id", type: "INTEGER" }]
      yield* ask("POST", datasets, { body: { id: "brief", schema, ttl_seconds: 60 } })
      assert.deepStrictEqual(yield* importCsv("brief", "id\n1\n"), { status: "success" })
      yield* TestClock.adjust("59 seconds")
      assert.deepStrictEqual(yield* lines("brief"), ["id", "1"])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(refusal(yield* download("brief")), [404, { errors: ["dataset brief not found"] }])
    })
  )

  it.effect("an import goes on while it is asked for", () =>
    Effect.gen(function* () {
      const { observatory } = yield* Emulator
      yield* words
      yield* observatory.setPolls({ pending: 1, running: 1 })
      yield* upload("words", "id,word\n3,c\n")
      const { item_queue_id } = json(yield* ask("POST", `${datasets}/words/imports`))
      const status = Effect.map(
        ask("GET", `${datasets}/words/imports/${item_queue_id}`),
        (answer) => json(answer).status
      )
      assert.strictEqual(yield* status, "pending")
      yield* askUntil(status, (status) => status === "running")
      yield* askUntil(status, (status) => status === "success")
      yield* observatory.setPolls({})
      assert.lengthOf(yield* lines("words"), 4)
    })
  )

  it.effect("what is wrong with a dataset is told", () =>
    Effect.gen(function* () {
      yield* words
      yield* ask("POST", datasets, { body: { id: "empty", schema: [{ name: "id", type: "INTEGER" }] } })
      const { item_queue_id } = json(yield* ask("POST", `${datasets}/empty/imports`))
      const nothing = yield* askUntil(
        Effect.map(ask("GET", `${datasets}/empty/imports/${item_queue_id}`), json),
        ({ status }) => status === "failure"
      )
      assert.deepStrictEqual(nothing.errors, ["nothing was uploaded to empty"])
      const column = { name: "id", type: "INTEGER" }
      const cases = [
        [ask("POST", datasets, { body: { id: "words", schema: [{ name: "id", type: "UUID" }] } }), 400, /type UUID/],
        [ask("POST", datasets, { body: { id: "a b", schema: [column] } }), 400, /^id has to be/],
        [ask("POST", datasets, { body: { schema: [column] } }), 400, /^id has to be/],
        [ask("POST", datasets, { body: { id: "twice", schema: [column, column] } }), 400, /"id" specified more than/],
        [
          ask("POST", datasets, { body: { id: "long", schema: [{ ...column, name: "é".repeat(32) }] } }),
          400,
          /63 bytes/
        ],
        [ask("POST", datasets, { body: { id: "none", schema: [] } }), 400, /./],
        [ask("POST", datasets, { body: { id: "short", schema: [column], ttl_seconds: 0 } }), 400, /ttl_seconds/],
        [ask("POST", datasets, { body: { id: "short", schema: [column], ttl_seconds: "1d" } }), 400, /ttl_seconds/],
        [upload("words", "id\n", { geom_column: "place" }), 400, /no column place/],
        [upload("others", "id\n"), 404, /dataset others/],
        [download("others"), 404, /dataset others/],
        [download("words", { add_geom: "true" }), 400, /no geography/],
        [ask("GET", `${datasets}/words/imports/none`), 404, /import none/],
        [ask("GET", `${datasets}/words/imports/${item_queue_id}`), 404, /import/]
      ] as const
      for (const [call, status, error] of cases) {
        const answer = yield* call
        assert.strictEqual(answer.status, status, answer.text)
        assert.match(json(answer).errors[0], error)
      }
    })
  )

  it.effect("a key needs the API, and is held to the datasets that it was given", () =>
    Effect.gen(function* () {
      const { addKey } = yield* Emulator
      yield* words
      yield* subscribe(states)
      yield* addKey({ name: "reader", apis: ["sql"] })
      yield* addKey({ name: "some", apis: ["do"], datasets: [points] })
      assert.deepStrictEqual(refusal(yield* download("words", {}, "local-reader-key")), [
        403,
        { errors: ["Forbidden"] }
      ])
      assert.strictEqual((yield* download("words", {}, "")).status, 401)
      assert.strictEqual((yield* download("words", {}, "local-some-key")).status, 200)
      const held = yield* download(states, {}, "local-some-key")
      assert.deepStrictEqual(refusal(held), [403, { errors: [`the key has no grant for ${states}`] }])
    })
  )
})
