import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Predicate, Redacted, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import * as Dataview from "../src/Dataview.ts"
import * as MapConfig from "../src/MapConfig.ts"
import * as MapLayer from "../src/MapLayer.ts"
import { Sql } from "../src/Sql.ts"
import { HttpMock } from "./HttpMock.ts"
import { recordings } from "./recordings.ts"

const services = Sql.layer().pipe(
  Layer.provide(CartoClient.layer()),
  Layer.provide(Auth.layer({ url: "https://ana.carto.com" })),
  Layer.provide(HttpMock.layer([]))
)
const encode = Schema.encodeSync(MapConfig.MapConfig)
const problem = (json: unknown) => Effect.map(Effect.flip(MapConfig.fromJson(json)), ({ reason }) => reason)
const layer = (options: object, type = "mapnik") => ({ layers: [{ type, options }] })

describe("MapConfig.make", () => {
  it.effect("writes every kind of layer as the server reads it", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const config = MapConfig.make(
        [
          MapLayer.plain({ color: "#d8e2e8" }),
          MapLayer.plain({ imageUrl: "https://example.com/a.png" }, { id: "paper" }),
          MapLayer.http("https://{s}.tile.example/{z}/{x}/{y}.png", { subdomains: ["a"], tms: true }),
          MapLayer.mapnik(sql`select * from cities where name = ${"L'Aquila"}`, {
            id: "cities",
            cartocss: "#layer { marker-width: 8; }",
            interactivity: ["name"],
            attributes: { id: "cartodb_id", columns: ["name"] },
            aggregation: {
              placement: "centroid",
              columns: { n: { aggregate_function: "sum", aggregated_column: "v" } }
            }
          }),
          MapLayer.mapnik({ source: "a0" }),
          MapLayer.torque("select * from trips", "Map { -torque-frame-count: 2; }", { cartocss_version: "2.1.1" }),
          MapLayer.fromNamedMap("base", { config: { color: "red" }, auth_tokens: [Redacted.make("t0ken")] })
        ],
        {
          analyses: [MapConfig.source("a0", sql`select * from cities limit ${5}`)],
          dataviews: {
            total: Dataview.formula("a0", "sum", "population"),
            kinds: Dataview.aggregation("a0", "kind"),
            people: Dataview.aggregation("a0", "kind", { operation: "avg", column: "population" }),
            founded: Dataview.histogram("a0", "founded", { aggregation: "year" })
          },
          buffersize: { png: 0, mvt: 64 }
        }
      )
      assert.deepStrictEqual(encode(config), {
        version: "1.8.0",
        layers: [
          { type: "plain", options: { color: "#d8e2e8" } },
          { id: "paper", type: "plain", options: { imageUrl: "https://example.com/a.png" } },
          {
            type: "http",
            options: { urlTemplate: "https://{s}.tile.example/{z}/{x}/{y}.png", subdomains: ["a"], tms: true }
          },
          {
            id: "cities",
            type: "mapnik",
            options: {
              sql: "select * from cities where name = 'L''Aquila'",
              cartocss: "#layer { marker-width: 8; }",
              cartocss_version: "2.3.0",
              interactivity: ["name"],
              attributes: { id: "cartodb_id", columns: ["name"] },
              aggregation: {
                placement: "centroid",
                columns: { n: { aggregate_function: "sum", aggregated_column: "v" } }
              }
            }
          },
          { type: "mapnik", options: { source: { id: "a0" } } },
          {
            type: "torque",
            options: {
              sql: "select * from trips",
              cartocss: "Map { -torque-frame-count: 2; }",
              cartocss_version: "2.1.1"
            }
          },
          { type: "named", options: { name: "base", config: { color: "red" }, auth_tokens: ["t0ken"] } }
        ],
        analyses: [{ id: "a0", type: "source", params: { query: "select * from cities limit 5" } }],
        dataviews: {
          total: { source: { id: "a0" }, type: "formula", options: { operation: "sum", column: "population" } },
          kinds: { source: { id: "a0" }, type: "aggregation", options: { column: "kind", aggregation: "count" } },
          people: {
            source: { id: "a0" },
            type: "aggregation",
            options: { column: "kind", aggregation: "avg", aggregationColumn: "population" }
          },
          founded: { source: { id: "a0" }, type: "histogram", options: { column: "founded", aggregation: "year" } }
        },
        buffersize: { png: 0, mvt: 64 }
      })
      assert.notInclude(JSON.stringify(config), "t0ken")
    }).pipe(Effect.provide(services))
  )
})

describe("MapConfig.fromJson", () => {
  const accepted = recordings.filter(
    ({ method, name, path, status }) =>
      method === "POST" &&
      status === 200 &&
      /^\/(user\/\w+\/)?api\/v1\/map\/?(\?|$)/.test(path) &&
      // Two hold the key, and three what fails only when a tile or a dataview is asked for.
      !/^anon-(011|058|059|069|165)-/.test(name)
  )

  it("has many to read", () => assert.isAbove(accepted.length, 15))
  for (const { name, sent } of accepted) {
    it.effect(`reads and writes what the server took in ${name}`, () =>
      Effect.gen(function* () {
        const json: unknown = JSON.parse(sent)
        assert.deepStrictEqual(encode(yield* MapConfig.fromJson(json)), json)
      })
    )
  }

  it.effect("keeps what it does not know", () =>
    Effect.gen(function* () {
      const json = { layers: [{ options: { sql: "select 1", new: [1] }, legend: {} }], later: { a: null } }
      assert.deepStrictEqual(encode(yield* MapConfig.fromJson(json)), json)
    })
  )

  const wrong: ReadonlyArray<readonly [name: string, json: unknown, words: RegExp]> = [
    ["no layers", {}, /Missing key at layers$/],
    [
      "a layer of an unknown type",
      layer({ sql: "select 1" }, "wms"),
      /: Expected mapnik, cartodb, torque, http, plain or named at layers\[0\]\.type$/
    ],
    ["a layer without sql", layer({}), /sql or source/],
    ["a layer without options", { layers: [{ type: "mapnik" }] }, /Missing key at layers\[0\]\.options$/],
    ["CartoCSS without its version", layer({ sql: "select 1", cartocss: "#layer {}" }), /cartocss_version/],
    [
      "a torque layer without CartoCSS",
      layer({ sql: "select 1" }, "torque"),
      /: Missing key at layers\[0\]\.options\.cartocss; /
    ],
    ["an http layer without addresses", layer({}, "http"), /: Missing key at layers\[0\]\.options\.urlTemplate$/],
    ["a plain layer without a fill", layer({}, "plain"), /: Missing key at layers\[0\]\.options\.color; /],
    ["a version of the future", { ...layer({ sql: "select 1" }), version: "1.9.0" }, /1\.8\.0/],
    ["an unknown placement", layer({ sql: "select 1", aggregation: { placement: "wat" } }), /point-sample/],
    [
      "a resolution of 0",
      layer({ sql: "select 1", aggregation: { resolution: 0 } }),
      /greater than 0 at layers\[0\]\.options\.aggregation\.resolution$/
    ],
    ["an extent of 0", layer({ sql: "select 1", vector_extent: 0 }), /at layers\[0\]\.options\.vector_extent$/],
    [
      "a buffer that is no number",
      { ...layer({ sql: "select 1" }), buffersize: { png: "wide" } },
      /a number, or a placeholder at buffersize\.png$/
    ],
    [
      "a sum of nothing",
      {
        ...layer({ sql: "select 1" }),
        dataviews: { a: { source: { id: "a" }, type: "formula", options: { operation: "sum" } } }
      },
      /a column/
    ],
    [
      "a dataview without a source",
      { ...layer({ sql: "select 1" }), dataviews: { a: { type: "formula", options: { operation: "count" } } } },
      /Missing key at dataviews\.a\.source$/
    ],
    ["an API key", { ...layer({ sql: "select 1" }), api_key: "s3cret" }, /no API key/],
    ["no object", "map", /Expected/]
  ]
  for (const [name, json, words] of wrong) {
    it.effect(`refuses ${name}, and says where`, () =>
      Effect.map(problem(json), (reason) => {
        assert.strictEqual(reason._tag, "ValidationError")
        assert.isUndefined(reason.status)
        assert.match(reason.message, words)
        assert.notInclude(reason.message, "s3cret")
      })
    )
  }

  it.effect.prop(
    "reads or refuses, whatever it is given, and changes nothing",
    { json: Schema.Json, at: Schema.Literals(["layers", "dataviews", "analyses", "buffersize", "version", "other"]) },
    Effect.fnUntraced(function* ({ at, json }) {
      const whole = { ...layer({ sql: "select 1" }), [at]: json }
      const exit = yield* Effect.exit(MapConfig.fromJson(whole))
      if (exit._tag === "Success") assert.deepStrictEqual(JSON.stringify(encode(exit.value)), JSON.stringify(whole))
      else assert.isTrue(exit.cause.reasons.every((reason) => Predicate.isTagged(reason, "Fail")))
    })
  )
})
