import { readFileSync } from "node:fs"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Database } from "../src/Database.ts"
import { Emulator } from "../src/Emulator.ts"
import { makeAddresses } from "../src/maps/addresses.ts"
import { errorTile } from "../src/maps/errorTile.ts"
import { isJsonObject } from "../src/maps/json.ts"
import { mapId, tableKey, templateHash, templateKey } from "../src/maps/LayergroupId.ts"
import { readDefinition } from "../src/maps/MapDefinition.ts"
import { MapStore } from "../src/maps/MapStore.ts"
import { MapsSettings } from "../src/maps/MapsSettings.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { json, send } from "./http.ts"
import { get, instantiate, layer, read, request, style } from "./mapsClient.ts"
import { readPixels } from "./Pixels.ts"
import { tables } from "./wire/mapsAccount.ts"
import { recordings } from "./wire/mapsRecordings.ts"
import { readTile } from "./wire/vectorTile.ts"

const shapes = `
CREATE TABLE shapes (cartodb_id int PRIMARY KEY, the_geom_webmercator geometry(Geometry, 3857), kind text);
INSERT INTO shapes SELECT id, ST_Transform(ST_SetSRID(wkt::geometry, 4326), 3857), kind FROM (VALUES
  (1, 'POLYGON((-10 -10, 10 -10, 10 10, -10 10, -10 -10), (-5 -5, -5 5, 5 5, 5 -5, -5 -5))', 'hole'),
  (2, 'LINESTRING(20 0, 40 0, 40 20)', 'line'),
  (3, 'MULTIPOINT(60 0, 70 10)', 'points'),
  (4, 'GEOMETRYCOLLECTION(POINT(80 0), POLYGON((90 0, 100 0, 100 10, 90 0)))', 'collection'),
  (5, 'POLYGON((120 0, 120.0001 0, 120.0001 0.0001, 120 0))', 'speck'),
  (6, 'MULTIPOLYGON(((-60 0, -50 0, -50 10, -60 0)), ((-40 0, -30 0, -30 10, -40 0)))', 'two')) AS v(id, wkt, kind);
ALTER TABLE shapes OWNER TO carto_owner;
GRANT SELECT ON shapes TO publicuser`

const database = Layer.effectDiscard(Effect.flatMap(Database, (database) => database.rows(tables + shapes))).pipe(
  Layer.provideMerge(PgliteDatabase.layer())
)

const places = { sql: "select * from places", ...style }
const point = (latitude: number, longitude: number, more = "") =>
  `select 1 as cartodb_id, ST_Transform(ST_SetSRID(ST_MakePoint(${longitude}, ${latitude}), 4326), 3857) as the_geom_webmercator ${more}`

const source = { analyses: [{ id: "a0", type: "source", params: { query: "select * from places" } }] }
const dataview = (type: string, options: object) => ({ source: { id: "a0" }, type, options })

const features = Effect.fnUntraced(function* (sql: string, tile = "0/0/0", options: object = {}) {
  const { layergroupid } = yield* instantiate([layer({ sql, ...options })])
  const response = yield* get(`${layergroupid}/${tile}.mvt`)
  assert.strictEqual(response.status, 200, response.text)
  return readTile(response.body).layer0?.features ?? []
})

it.layer(database, { timeout: "2 minutes", excludeTestServices: true })((it) => {
  it.layer(Emulator.layer())("Maps", (it) => {
    it.effect("a vector tile has points and columns of its layer", () =>
      Effect.gen(function* () {
        const { layergroupid } = yield* instantiate([layer(places, "pts")])
        const response = yield* get(`${layergroupid}/5/15/12.mvt`)
        const madrid = readTile(response.body).pts?.features.find(({ properties }) => properties.name === "Madrid")
        assert.deepStrictEqual(madrid, {
          id: undefined,
          type: 1,
          properties: { cartodb_id: 1, name: "Madrid", kind: "city", population: 3300000, score: 9.5, active: true },
          geometry: [[[2749, 269]]]
        })
      })
    )

    it.effect("lines, holes, several parts and collections keep their shape in a tile, and specks vanish", () =>
      Effect.gen(function* () {
        const all = yield* features("select * from shapes", "0/0/0", { vector_extent: 256 })
        const shape = (kind: string) => {
          const found = all.find(({ properties }) => properties.kind === kind)
          return found && [found.type, found.geometry.map(({ length }) => length)]
        }
        assert.deepStrictEqual(["hole", "line", "points", "collection", "speck", "two"].map(shape), [
          [3, [4, 4]],
          [2, [3]],
          [1, [1, 1]],
          [3, [3]],
          undefined,
          [3, [3, 3]]
        ])
      })
    )

    it.effect("a tile has numbers, texts and booleans, and leaves out what else there is", () =>
      Effect.gen(function* () {
        const columns =
          "-5::int2 as small, -1125899906842624 as least, 9007199254740991 as most, 1.5::float4 as f4, 'NaN'::float8 as nan, 2.25::numeric as exact, 'ñ \"q\"'::varchar as text, false as flag, null::text as nothing, now() as instant, array[1] as list, '{}'::json as json"
        const [feature] = yield* features(point(0, 0, `, ${columns}`))
        assert.deepStrictEqual(feature?.properties, {
          cartodb_id: 1,
          small: -5,
          least: -1125899906842624,
          most: 9007199254740991,
          f4: 1.5,
          nan: Number.NaN,
          exact: 2.25,
          text: 'ñ "q"',
          flag: false
        })
      })
    )

    it.effect("a query may end with a semicolon and a comment", () =>
      Effect.gen(function* () {
        assert.lengthOf(yield* features(`${point(0, 0)}; -- the middle`), 1)
      })
    )

    it.effect("the same map has the same id, for each role its own", () =>
      Effect.gen(function* () {
        const [one, two, other] = yield* Effect.all([
          instantiate([layer(places)]),
          instantiate([layer(places)]),
          instantiate([layer(places)], {}, "?api_key=local-master-key")
        ])
        assert.strictEqual(one.layergroupid, two.layergroupid)
        assert.notStrictEqual(one.layergroupid, other.layergroupid)
      })
    )

    it.effect("an expired map is 400, and comes back under its id", () =>
      Effect.gen(function* () {
        const { layergroupid } = yield* instantiate([layer(places)])
        yield* (yield* Emulator).expireMaps()
        const gone = yield* get(`${layergroupid}/0/0/0.mvt`)
        assert.deepStrictEqual(
          [gone.status, json(gone).errors],
          [400, [`Invalid or nonexistent map configuration token '${layergroupid.split(":")[0]}'`]]
        )
        assert.strictEqual((yield* instantiate([layer(places)])).layergroupid, layergroupid)
        assert.strictEqual((yield* get(`${layergroupid}/0/0/0.mvt`)).status, 200)
      })
    )

    it.effect("tiles of private data need a key that may read them", () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator
        yield* emulator.addKey({ name: "blind", token: Redacted.make("blind"), tables: [] })
        const body = { version: "1.7.0", layers: [layer({ sql: "select * from secrets" })] }
        assert.strictEqual((yield* request("POST", "", body)).status, 403)
        const { layergroupid } = json(yield* request("POST", "?api_key=local-master-key", body))
        const statuses = yield* Effect.forEach(["", "?api_key=blind", "?api_key=local-master-key"], (query) =>
          Effect.map(get(`${layergroupid}/4/7/6.mvt${query}`), ({ status }) => status)
        )
        assert.deepStrictEqual(statuses, [403, 403, 200])
      })
    )

    it.effect("a key without the grant for maps is refused, and an unknown one is not known", () =>
      Effect.gen(function* () {
        yield* (yield* Emulator).addKey({ name: "sqlonly", token: Redacted.make("sqlonly"), apis: ["sql"] })
        const subtypes = yield* Effect.forEach(["sqlonly", "whoever"], (key) =>
          Effect.map(request("POST", `?api_key=${key}`, {}), (response) => [
            response.status,
            json(response).errors_with_context[0].subtype
          ])
        )
        assert.deepStrictEqual(subtypes, [
          [403, "api-key-does-not-grant-access"],
          [401, "api-key-not-found"]
        ])
      })
    )

    it.effect("without a CDN addresses lead to the emulator itself, with the key", () =>
      Effect.gen(function* () {
        const { cdn_url, metadata } = yield* instantiate([layer(places, "pts")], {}, "?api_key=local-master-key")
        assert.isUndefined(cdn_url)
        const [tile] = metadata.layers[0].tilejson.vector.tiles
        const response = yield* send(tile.replace("{z}/{x}/{y}", "5/15/12"))
        assert.strictEqual(response.status, 200)
      })
    )

    it.effect("a CDN's form of the address is answered, too", () =>
      Effect.gen(function* () {
        const { origin } = yield* Emulator
        const { layergroupid } = yield* instantiate([layer(places)])
        assert.strictEqual((yield* send(`${origin}/alice/api/v1/map/${layergroupid}/5/15/12.mvt`)).status, 200)
      })
    )

    it.effect("a body of more than 100 KiB is 400", () =>
      Effect.gen(function* () {
        const response = yield* request("POST", "", { layers: [], more: "x".repeat(102_400) })
        assert.deepStrictEqual(
          [response.status, json(response).errors_with_context],
          [400, [{ type: "entity.too.large", message: "request entity too large" }]]
        )
      })
    )

    it.effect("styled and unstyled layers cannot be mixed", () =>
      Effect.gen(function* () {
        const { errors_with_context } = yield* instantiate([layer(places), layer({ sql: "select * from places" })])
        assert.strictEqual(errors_with_context[0].type, "mapconfig")
      })
    )

    it.effect("an image is drawn, and is 501 where its style asks for more than is drawn", () =>
      Effect.gen(function* () {
        const drawn = yield* instantiate([layer(places)])
        const image = yield* get(`${drawn.layergroupid}/5/15/12.png`)
        assert.strictEqual(image.headers["content-type"], "image/png")
        assert.isAbove(readPixels(image.body).drawn, 300)
        const patterned = yield* instantiate([layer({ ...places, cartocss: "#l { marker-file: url(a.svg) }" })])
        const refused = yield* get(`${patterned.layergroupid}/0/0/0.png`)
        assert.deepStrictEqual(
          [refused.status, json(refused).errors_with_context],
          [
            501,
            [
              {
                type: "emulator",
                message: "Not supported by the emulator: the style of layer layer0: marker-file",
                subtype: "not-supported"
              }
            ]
          ]
        )
      })
    )

    it.effect("a wrong style is 400 with its layer, line and column, before anything is drawn", () =>
      Effect.gen(function* () {
        const refused = yield* instantiate([layer(places), layer({ ...places, cartocss: "#l {\n xxxxx; }" }, "mine")])
        assert.deepStrictEqual(refused.errors_with_context, [
          {
            type: "layer",
            message: "style1:2:1 Invalid code: xxxxx;",
            layer: { id: "mine", index: 1, type: "mapnik" }
          }
        ])
        const column = yield* instantiate([layer({ ...places, cartocss: "#l [nothere > 1] { marker-width: 1 }" })])
        assert.include(column.errors[0], 'column "nothere" does not exist')
      })
    )

    it.effect("dates are numbers where a layer asks for it", () =>
      Effect.gen(function* () {
        const options = { sql: "select * from places where cartodb_id = 1", dates_as_numbers: true }
        const { layergroupid, metadata } = yield* instantiate([layer(options)])
        assert.deepStrictEqual(metadata.layers[0].meta.dates_as_numbers, ["opened"])
        const [madrid] = readTile((yield* get(`${layergroupid}/5/15/12.mvt`)).body).layer0?.features ?? []
        assert.strictEqual(madrid?.properties.opened, 1579082400)
      })
    )

    it.effect("points are gathered in cells, in their middles where asked for, and a cell tells its rows", () =>
      Effect.gen(function* () {
        const aggregation = {
          threshold: 1,
          resolution: 256,
          placement: "point-grid",
          columns: { n: { aggregate_function: "max", aggregated_column: "v" } },
          dimensions: { cat: "cat" },
          filters: { cat: { in: ["a", "b"] } }
        }
        const { layergroupid } = yield* instantiate([layer({ sql: "select * from grid_points", aggregation })])
        const cells = readTile((yield* get(`${layergroupid}/0/0/0.mvt`)).body).layer0?.features ?? []
        assert.deepStrictEqual(
          cells.map(({ geometry, properties }) => [
            properties.cat,
            properties._cdb_feature_count,
            properties.n,
            ...geometry.flat(2)
          ]),
          [
            ["a", 100, 984, 0, 0],
            ["b", 100, 985, 0, 0],
            ["a", 25, 992, 4096, 0],
            ["b", 25, 993, 4096, 0]
          ]
        )
        const grouped = yield* read(
          `${layergroupid}/0/0/cluster/1?aggregation=${encodeURIComponent(
            JSON.stringify({
              columns: ["cat"],
              expressions: { s: { aggregate_function: "sum", aggregated_column: "v" } }
            })
          )}`
        )
        assert.deepStrictEqual(grouped.rows.length, 1)
      })
    )

    it.effect("a map without styles is aggregated unasked only when it is large", () =>
      Effect.gen(function* () {
        const large =
          "select i as cartodb_id, ST_SetSRID(ST_MakePoint(i, i), 3857) as the_geom_webmercator from generate_series(1, 100000) i"
        const { metadata } = yield* instantiate([layer({ sql: "select * from places" }), layer({ sql: large })])
        assert.deepStrictEqual(
          metadata.layers.map(({ meta }: { meta: object }) => meta),
          [
            { stats: { estimatedFeatureCount: 11 }, aggregation: { png: false, mvt: false } },
            { stats: { estimatedFeatureCount: 100000 }, aggregation: { png: false, mvt: true } }
          ]
        )
      })
    )

    it.effect("dataviews answer ranges, areas, lists and all categories", () =>
      Effect.gen(function* () {
        const dataviews = {
          pop: dataview("histogram", { column: "population" }),
          day: dataview("histogram", { column: "opened", aggregation: "day" }),
          kind: dataview("aggregation", { column: "kind", aggregation: "avg", aggregationColumn: "population" }),
          rows: dataview("list", { columns: ["cartodb_id", "opened"] }),
          odd: dataview("wat", {})
        }
        const filters = encodeURIComponent(JSON.stringify({ dataviews: { kind: { reject: ["city"] } } }))
        const { layergroupid } = yield* instantiate(
          [layer({ source: { id: "a0" } })],
          { ...source, dataviews },
          `?filters=${filters}`
        )
        const ask = (path: string) => read(`${layergroupid}/dataview/${path}`)
        const ranged = yield* ask("pop?no_filters=1&start=1000000&end=0&bins=2")
        assert.deepStrictEqual(
          [ranged.bins_start, ranged.bin_width, ranged.bins.map(({ freq }: { freq: number }) => freq)],
          [0, 500000, [6, 2]]
        )
        const near = encodeURIComponent(JSON.stringify({ lng: -3.7, lat: 40.42, radius: 100000 }))
        assert.deepStrictEqual(
          (yield* ask(`rows?no_filters=1&circle=${near}`)).rows.map(
            ({ cartodb_id }: { cartodb_id: number }) => cartodb_id
          ),
          [1, 7, 8]
        )
        assert.deepStrictEqual(
          (yield* ask("kind?own_filter=1")).categories.map(({ category }: { category: string }) => category),
          ["town", "ghost"]
        )
        assert.strictEqual((yield* ask("kind")).categories.length, 4)
        const days = yield* ask("day?no_filters=1")
        assert.deepStrictEqual([days.bin_width, days.bins_count, days.bins.at(-1).freq], [86400, 353, 2])
        assert.deepStrictEqual((yield* ask("odd")).errors, ["Invalid dataview type: 'wat'"])
        assert.deepStrictEqual((yield* ask("pop?bins=x")).errors, ["Invalid number format for parameter 'bins'"])
        assert.strictEqual((yield* ask("pop?own_filter=1&no_filters=0")).errors_with_context[0].type, "dataview")
      })
    )

    it.effect("a filter of a dataview changes the tiles of its map", () =>
      Effect.gen(function* () {
        const filters = encodeURIComponent(JSON.stringify({ dataviews: { h: { less_than: 60000 } } }))
        const { layergroupid } = yield* instantiate(
          [layer({ source: { id: "a0" } })],
          { ...source, dataviews: { h: dataview("histogram", { column: "population" }) } },
          `?filters=${filters}`
        )
        const tile = readTile((yield* get(`${layergroupid}/5/15/12.mvt`)).body)
        assert.deepStrictEqual(tile.layer0?.features.map(({ properties }) => properties.name).toSorted(), [
          "Avila",
          "Segovia"
        ])
      })
    )

    it.effect("a wrapped query is shown, and attributes are those of the bare one", () =>
      Effect.gen(function* () {
        const options = {
          sql: "select * from places where cartodb_id < 3",
          sql_wrap: "select cartodb_id, the_geom_webmercator, name || '!' as name from (<%= sql %>) q",
          attributes: { id: "cartodb_id", columns: ["name", "kind"] }
        }
        const { layergroupid } = yield* instantiate([layer(options)])
        const tile = readTile((yield* get(`${layergroupid}/5/15/12.mvt`)).body)
        assert.deepStrictEqual(
          tile.layer0?.features.map(({ properties }) => properties.name),
          ["Madrid!", "Barcelona!"]
        )
        assert.deepStrictEqual(yield* read(`${layergroupid}/0/attributes/1`), { name: "Madrid", kind: "city" })
      })
    )

    it.effect("a grid tells which feature lies under a cell", () =>
      Effect.gen(function* () {
        const options = { sql: "select * from shapes where cartodb_id = 1", ...style, interactivity: "kind" }
        const { layergroupid } = yield* instantiate([layer(options)])
        const { data, grid, keys } = yield* read(`${layergroupid}/0/0/0/0.grid.json`)
        assert.deepStrictEqual([keys, data], [["", "1"], { "1": { kind: "hole" } }])
        // The hole is in the middle of the world, and the polygon around it.
        assert.deepStrictEqual([grid[32].slice(29, 35), grid[30].slice(29, 35), grid.length], [" !  ! ", " !!!! ", 64])
      })
    )

    it.effect("PostgreSQL's errors in tiles tell a status", () =>
      Effect.gen(function* () {
        const { layergroupid } = yield* instantiate([
          layer({
            sql: `${point(0, 0, ", 1 / (case when !scale_denominator! > 1e7 and !scale_denominator! < 2e7 then 0 else 1 end) as d")}`
          })
        ])
        const response = yield* get(`${layergroupid}/5/16/16.mvt`)
        assert.deepStrictEqual([response.status, json(response).errors], [400, ["division by zero"]])
      })
    )
  })

  it.layer(Emulator.layer({ statementTimeout: "1 second" }))("Maps with a limit of time", (it) => {
    const counting = (most: string) => `(select count(*) from generate_series(1, ${most}))`
    const slow = layer({ sql: `select * from places where ${counting("1000000000")} > 0`, ...style })

    it.effect("a styled layer that takes too long is a render timeout", () =>
      Effect.gen(function* () {
        const { errors_with_context } = yield* instantiate([slow])
        assert.deepStrictEqual(
          [errors_with_context[0].subtype, errors_with_context[0].layer],
          ["render", { id: "layer0", index: 0, type: "mapnik" }]
        )
      })
    )

    it.effect("a vector tile that takes too long is 429 with a tile that shows it", () =>
      Effect.gen(function* () {
        const most = "case when !scale_denominator! > 5e8 then 1000000000 else 1 end"
        const { layergroupid } = yield* instantiate([layer({ sql: `${point(0, 0)} where ${counting(most)} > 0` })])
        const response = yield* get(`${layergroupid}/0/0/0.mvt`)
        assert.strictEqual(response.status, 429, response.text)
        assert.sameMembers(Object.keys(readTile(response.body)), ["errorTileSquareLayer", "errorTileStripesLayer"])
      })
    )
  })
})

it("the tile of a limit is the recorded one", () => {
  const recorded = readFileSync(new URL("fixtures/wire/maps/151-rate-tile-mvt.bin", import.meta.url))
  assert.deepStrictEqual([...errorTile], [...recorded])
})

it("cache keys, template hashes and subdomains are the real servers'", () => {
  const template = {
    auth: { method: "open" },
    version: "0.0.1",
    name: "noph",
    layergroup: {
      version: "1.7.0",
      layers: [
        {
          type: "cartodb",
          options: { sql: "select * from places", cartocss: "#layer{marker-width:8;}", cartocss_version: "2.3.0" }
        }
      ]
    },
    placeholders: {}
  }
  const addresses = makeAddresses({
    cdn: { http: "cdn", subdomains: ["a", "b", "c"] },
    base: "",
    user: "ana",
    apiKey: undefined
  })
  const map = "e792d3aac507cce1995a8037e53f2ba5:1714979289123"
  assert.deepStrictEqual(
    [templateKey("ana", "tpl1"), tableKey("wire_db", "public.places"), templateHash(template)],
    ["n:SkubQK", "t:8MBkoA", "6b1c8550"]
  )
  assert.deepStrictEqual(
    [`${map}/dataview/f_count`, `${map}/analysis/node/fc2f4edbf8c0fde50fe832aa8a0f14828a635a50`].map((path) =>
      addresses.resource(path).http?.slice(7, 8)
    ),
    ["a", "c"]
  )
  assert.strictEqual(
    mapId({ ...template.layergroup, template: { name: "noph", auth: { method: "open" } } }, "wire_db", "wire_owner"),
    "636f4973280ebf9aa29d491885a7f276"
  )
})

const roles: Readonly<Record<string, string>> = { "regular-ana": "wire_regular", "master-ana": "wire_owner" }

it.effect("the ids of recorded maps are derived as the real servers do", () =>
  Effect.gen(function* () {
    const made = recordings.filter(
      ({ headers, method, path, requestBody }) =>
        method === "POST" &&
        /^(\/user\/ana)?\/api\/v1\/map\/?(\?|$)/.test(path) &&
        headers["x-layergroup-id"] !== undefined &&
        // Their queries are rewritten, in the servers' own words.
        !/"analyses"|"aggregation":\{/.test(requestBody)
    )
    assert.isAtLeast(made.length, 20)
    for (const { headers, name, path, requestBody, requestHeaders } of made) {
      const sent = `${path}${requestBody}${atob(requestHeaders.authorization?.replace(/^Basic /, "").replace(/^Bearer.*/, "") ?? "")}`
      const role = Object.entries(roles).find(([key]) => sent.includes(key))?.[1] ?? "wire_public"
      const body: unknown = JSON.parse(requestBody)
      const definition = yield* readDefinition(isJsonObject(body) ? body : {}, true)
      assert.strictEqual(mapId(definition.json, "wire_db", role), headers["carto-map-id"], name)
    }
  })
)

it.effect("a map lives for its time after each use", () =>
  Effect.gen(function* () {
    const store = yield* MapStore
    const definition = yield* readDefinition({ layers: [] }, true)
    yield* store.put({ id: "m", definition, layers: [], conditions: [], auth: undefined, tables: [], buster: 0 })
    yield* TestClock.adjust("50 seconds")
    yield* store.get("m")
    yield* TestClock.adjust("59 seconds")
    yield* store.get("m")
    yield* TestClock.adjust("60 seconds")
    assert.strictEqual((yield* Effect.flip(store.get("m"))).status, 400)
  }).pipe(Effect.provide(MapStore.layer.pipe(Layer.provide(Layer.succeed(MapsSettings, { mapLifetime: "1 minute" })))))
)
