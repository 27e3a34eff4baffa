import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { ask, refusal } from "./account.ts"
import { askUntil } from "./asking.ts"
import { json } from "./http.ts"
import { ended, importCsv, lines, load, service, subscribe } from "./observatory/observatoryClient.ts"

const states = "carto-do-public-data.local.small_states"
const capitals = "carto-do-public-data.local.capitals"
const premium = "carto-do.local.small_states"

const enrichment = `${service}/enrichment`

const start = Effect.fnUntraced(function* (request: object, key?: string) {
  const answer = yield* ask("POST", enrichment, { body: request, ...(key === undefined ? {} : { key }) })
  assert.strictEqual(answer.status, 200, answer.text)
  return String(json(answer).job_id)
})

/** How an enrichment ended. */
const enrich = (request: object, key?: string) =>
  Effect.flatMap(start({ output: "out", ...request }, key), (id) => ended(`${enrichment}/${id}/status`, key))

const success = { status: "success" }

const layer = Emulator.layer().pipe(Layer.provideMerge(PgliteDatabase.layer()))

it.layer(layer, { timeout: "2 minutes" })("Enrichment", (it) => {
  const prepared = Effect.gen(function* () {
    yield* subscribe(states)
    yield* subscribe(capitals)
    yield* load("shops", ["id:INTEGER", "geom:GEOGRAPHY"], shops)
    yield* load("squares", ["id:INTEGER", "geom:GEOGRAPHY"], squares)
  })

  it.effect("points get the values of the areas that they lie in", () =>
    Effect.gen(function* () {
      yield* prepared
      const variables = [`${states}.name`, { id: `${states}.population` }]
      assert.deepStrictEqual(yield* enrich({ type: "points", input: "shops", variables }), success)
      assert.deepStrictEqual(yield* lines("out", { order_by: "id" }), [
        "id,geom,name,population",
        "1,POINT(1.53 42.5),Andorra,77000",
        "2,POINT(6.1 49.8),Luxembourg,630000",
        "3,POINT(0 0),,",
        "4,,,"
      ])
    })
  )

  it.effect("polygons get a share of sums, and other aggregations of all that they meet", () =>
    Effect.gen(function* () {
      const variables = [`${states}.area`, { id: `${states}.name`, aggregation: ["COUNT", "min"] }]
      assert.deepStrictEqual(yield* enrich({ type: "polygons", input: "squares", variables }), success)
      const [header, andorra, half, nothing] = yield* lines("out", { order_by: "id" })
      assert.strictEqual(header, "id,geom,sum_area,count_name,min_name")
      const cells = (line = "") => line.slice(line.lastIndexOf('"') + 2).split(",")
      assert.closeTo(Number(cells(andorra)[0]), 468, 1e-6)
      assert.deepStrictEqual(cells(andorra).slice(1), ["1", "Andorra"])
      // West of the sixth meridian lies a fourth to a half of Luxembourg.
      const share = Number(cells(half)[0]) / 2586
      assert.isAbove(share, 0.25)
      assert.isBelow(share, 0.5)
      assert.deepStrictEqual(cells(nothing), ["", "0", ""])
    })
  )

  it.effect("places that are points count whole", () =>
    Effect.gen(function* () {
      const request = { type: "polygons", input: "squares", variables: [`${capitals}.capital`], aggregation: "count" }
      assert.deepStrictEqual(yield* enrich(request), success)
      const rows = yield* lines("out", { order_by: "id", sql_query: "select id, count_capital from $dataset$" })
      assert.deepStrictEqual(rows, ["id,count_capital", "1,1", "2,0", "3,0"])
    })
  )

  it.effect("without aggregation there is a row for each place that is met", () =>
    Effect.gen(function* () {
      yield* load("world", ["geom:GEOGRAPHY"], 'geom\n"POLYGON((0 30,20 30,20 60,0 60,0 30))"\n')
      const variables = [`${states}.name`, `${states}.area`]
      const request = { type: "polygons", input: "world", variables, aggregation: null }
      assert.deepStrictEqual(yield* enrich({ ...request, filters: { [`${states}.area`]: "> 300" } }), success)
      const rows = yield* lines("out", { sql_query: "select name, area from $dataset$ order by name" })
      assert.deepStrictEqual(rows, ["name,area", "Andorra,468", "Luxembourg,2586", "Malta,316"])
    })
  )

  it.effect("the result is a dataset as others are, which can be enriched again", () =>
    Effect.gen(function* () {
      const [area, name] = [`${states}.area`, `${states}.name`]
      assert.deepStrictEqual(yield* enrich({ type: "points", input: "shops", variables: [area] }), success)
      assert.deepStrictEqual(yield* enrich({ type: "points", input: "out", variables: [name] }), success)
      assert.strictEqual((yield* lines("out"))[0], "id,geom,area,name")
    })
  )

  it.effect("a column of texts holds geometries where the upload says so", () =>
    Effect.gen(function* () {
      yield* load("texts", ["id:INTEGER", "wkt:STRING"], "id,wkt\n1,POINT(1.53 42.5)\n")
      const request = { type: "points", input: "texts", variables: [`${states}.name`] }
      const failed = yield* enrich(request)
      assert.deepStrictEqual(failed.errors, ["dataset texts tells no column of geometries: upload it with geom_column"])
      yield* importCsv("texts", "id,wkt\n2,POINT(6.1 49.8)\n", { geom_column: "wkt" })
      assert.deepStrictEqual(yield* enrich(request), success)
      const rows = yield* lines("out", { order_by: "id" })
      assert.deepStrictEqual(rows.slice(1), ["1,POINT(1.53 42.5),Andorra", "2,POINT(6.1 49.8),Luxembourg"])
    })
  )

  it.effect("each state can be held, and one enrichment waits for another", () =>
    Effect.gen(function* () {
      const { observatory } = yield* Emulator
      yield* observatory.setPolls({ pending: 2, running: Number.POSITIVE_INFINITY })
      const request = { type: "points", input: "shops", variables: [`${states}.name`], output: "out" }
      const first = yield* start(request)
      const second = yield* start(request)
      const status = (id: string) => Effect.map(ask("GET", `${enrichment}/${id}/status`), (answer) => json(answer))
      assert.deepStrictEqual(
        [yield* status(first), yield* status(first)],
        [{ status: "pending" }, { status: "pending" }]
      )
      yield* askUntil(status(first), ({ status }) => status === "running")
      assert.deepStrictEqual(yield* status(second), { status: "pending" })
      yield* observatory.setPolls({})
      assert.deepStrictEqual(yield* ended(`${enrichment}/${second}/status`), success)
      assert.deepStrictEqual(yield* status(first), success)
    })
  )

  it.effect("what cannot be done is told, all of it at once, and leaves what was there", () =>
    Effect.gen(function* () {
      yield* load("kept", ["id:INTEGER"], "id\n7\n")
      yield* load("plain", ["id:INTEGER"], "id\n1\n")
      yield* load("twice", ["a:GEOGRAPHY", "b:GEOGRAPHY"], "a,b\n,\n")
      yield* load("broken", ["geom:STRING"], "geom\nnowhere\n")
      yield* importCsv("broken", "geom\nnothing\n", { geom_column: "geom" })
      const shop = { type: "points", input: "shops", variables: [`${states}.name`] }
      const cases: ReadonlyArray<readonly [request: object, errors: ReadonlyArray<string | RegExp>]> = [
        [{ ...shop, variables: ["a.b.c.d", "e"] }, ["unknown variable a.b.c.d", "unknown variable e"]],
        [{ ...shop, variables: [`${premium}.density`] }, [`no active subscription to ${premium}`]],
        [{ ...shop, input: "nothing" }, ["dataset nothing not found"]],
        [{ ...shop, input: "plain" }, [/^dataset plain tells no column of geometries/]],
        [{ ...shop, input: "twice" }, [/^dataset twice tells no column of geometries/]],
        [{ ...shop, input: "broken" }, [/geometry/]],
        [{ ...shop, input: "squares" }, ["dataset squares holds POLYGON, not only points"]],
        [{ ...shop, type: "polygons", aggregation: "COUNT" }, ["dataset shops holds POINT, not only polygons"]],
        [{ ...shop, filters: { [`${states}.area`]: "= 1; drop table x" } }, [/is not one condition$/]],
        [{ ...shop, filters: { [`${states}.area`]: "near 1" } }, [/^syntax error at or near/]],
        [{ ...shop, filters: { [`${capitals}.capital`]: "= 'Vaduz'" } }, [/needs a variable of its dataset$/]],
        [
          { ...shop, filters: { [`${states}.area`]: "> (select count(*) from carto_emulator.user_datasets)" } },
          ["permission denied for table user_datasets"]
        ],
        [{ ...shop, variables: [`${states}.name`, `${capitals}.capital`, `${states}.name`] }, [/two columns name$/]]
      ]
      for (const [request, errors] of cases) {
        const failed = yield* enrich({ ...request, output: "kept" })
        assert.strictEqual(failed.status, "failure", JSON.stringify(request))
        assert.strictEqual(failed.errors.length, errors.length, JSON.stringify(failed))
        errors.forEach((error, i) => {
          if (typeof error === "string") assert.strictEqual(failed.errors[i], error)
          else assert.match(failed.errors[i], error)
        })
      }
      assert.deepStrictEqual(yield* lines("kept"), ["id", "7"])
    })
  )

  it.effect("what was under way when the server stopped has failed", () =>
    Effect.gen(function* () {
      const another = Effect.provide(Layer.fresh(Emulator.layer()))
      const id = yield* Effect.gen(function* () {
        const { observatory } = yield* Emulator
        yield* prepared
        yield* observatory.setPolls({ running: Number.POSITIVE_INFINITY })
        return yield* start({ type: "points", input: "shops", variables: [`${states}.name`], output: "lost" })
      }).pipe(another)
      const told = yield* another(ended(`${enrichment}/${id}/status`))
      assert.deepStrictEqual(told, { status: "failure", errors: ["the server was stopped meanwhile"] })
    })
  )

  it.effect("a request that cannot be read is refused at once", () =>
    Effect.gen(function* () {
      const good = { type: "points", input: "shops", variables: [`${states}.name`], output: "out" }
      for (const bad of [
        {},
        { ...good, type: "lines" },
        { ...good, variables: [] },
        { ...good, variables: states },
        { ...good, variables: [7] },
        { ...good, filters: ["= 1"] },
        { ...good, aggregation: 7 },
        { ...good, aggregation: { [`${states}.name`]: [] } },
        { ...good, output: undefined },
        { ...good, output: "an output" }
      ]) {
        const answer = yield* ask("POST", enrichment, { body: bad })
        assert.strictEqual(answer.status, 400, answer.text)
        assert.isString(json(answer).errors[0])
      }
      assert.deepStrictEqual(refusal(yield* ask("GET", `${enrichment}/none/status`)), [
        404,
        { errors: ["enrichment none not found"] }
      ])
    })
  )

  it.effect("a key needs the API, and is held to the datasets that it was given", () =>
    Effect.gen(function* () {
      const { addKey } = yield* Emulator
      yield* addKey({ name: "reader", apis: ["sql"] })
      yield* addKey({ name: "all", apis: ["do"] })
      yield* addKey({ name: "some", apis: ["do"], datasets: [capitals] })
      const request = { type: "points", input: "shops", variables: [`${states}.name`] }
      const refused = yield* ask("POST", enrichment, { body: request, key: "local-reader-key" })
      assert.deepStrictEqual(refusal(refused), [403, { errors: ["Forbidden"] }])
      const stranger = yield* ask("POST", enrichment, { body: request, key: "wrong" })
      assert.deepStrictEqual(refusal(stranger), [401, { errors: ["Unauthorized"] }])
      assert.deepStrictEqual(yield* enrich(request, "local-all-key"), success)
      const held = yield* enrich(request, "local-some-key")
      assert.deepStrictEqual(held.errors, [`the key has no grant for ${states}`])
    })
  )

  it.effect("what was ordered can be used once it was delivered", () =>
    Effect.gen(function* () {
      yield* subscribe(premium)
      const request = { type: "points", input: "shops", variables: [`${premium}.density`], aggregation: "default" }
      assert.strictEqual((yield* enrich(request)).status, "failure")
      yield* TestClock.adjust("3 days")
      assert.deepStrictEqual(yield* enrich(request), success)
      assert.strictEqual((yield* lines("out", { order_by: "id" }))[1], "1,POINT(1.53 42.5),164.52991452991452")
    })
  )
})

/** In Andorra, in Luxembourg, in the Gulf of Guinea, nowhere. */
const shops = "id,geom\n1,POINT(1.53 42.5)\n2,POINT(6.1 49.8)\n3,POINT(0 0)\n4,\n"

/** Around Andorra, over the west of Luxembourg, and in the Gulf of Guinea. */
const squares = `id,geom
1,"POLYGON((1 42,2 42,2 43,1 43,1 42))"
2,"POLYGON((5 49,6 49,6 51,5 51,5 49))"
3,"POLYGON((0 0,1 0,1 1,0 1,0 0))"
`
