import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Database } from "../src/Database.ts"
import { Emulator } from "../src/Emulator.ts"
import type { Frame } from "../src/maps/Frame.ts"
import { Renderer, type RenderLayer, type RenderOptions } from "../src/maps/Renderer.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { json } from "./http.ts"
import { get, layer, request, style } from "./mapsClient.ts"
import { tables } from "./wire/mapsAccount.ts"
import { readTile } from "./wire/vectorTile.ts"

const database = Layer.effectDiscard(Effect.flatMap(Database, (database) => database.rows(tables))).pipe(
  Layer.provideMerge(PgliteDatabase.layer())
)

interface Drawing {
  readonly frame: Frame
  readonly layers: ReadonlyArray<RenderLayer>
  readonly options: RenderOptions
}

/** What a renderer was asked for last. */
let drawing: Drawing | undefined

const renderer = Layer.succeed(
  Renderer,
  Renderer.of({
    draw: (frame, layers, options) =>
      Effect.sync(() => {
        drawing = { frame, layers, options }
        return Buffer.from("image")
      })
  })
)

const key = "?api_key=local-master-key"
const errors = (response: { readonly text: string }) => JSON.parse(response.text).errors

const template = (
  name: string,
  more: object = {},
  layers: ReadonlyArray<unknown> = [layer({ sql: "select * from places", ...style })]
) => ({
  version: "0.0.1",
  name,
  layergroup: { version: "1.7.0", layers },
  ...more
})

const create = (body: object) => request("POST", `/named${key}`, body)

const instance = (name: string, values: unknown = {}, query = "") =>
  Effect.map(request("POST", `/named/${name}${query}`, values), json)

const names = Effect.fnUntraced(function* (layergroupid: string, query = "") {
  const response = yield* get(`${layergroupid}/5/15/12.mvt${query}`)
  return readTile(response.body)
    .layer0?.features.map(({ properties }) => properties.name)
    .toSorted()
})

/** A second emulator on the same database. */
const another = Effect.provide(Layer.fresh(Emulator.layer({ maxTemplates: 2 }).pipe(Layer.provide(renderer))))

it.layer(Emulator.layer().pipe(Layer.provideMerge(database)), { timeout: "2 minutes", excludeTestServices: true })(
  "NamedMaps",
  (it) => {
    it.effect("a template is created, read, replaced, listed and deleted", () =>
      Effect.gen(function* () {
        const made = yield* create(template("crud"))
        assert.deepStrictEqual([made.status, json(made)], [200, { template_id: "crud" }])
        const changed = template("crud", { view: { zoom: 3 } })
        yield* request("PUT", `/named/crud${key}`, changed)
        assert.deepStrictEqual(json(yield* get(`named/alice@crud${key}`)), {
          template: { auth: { method: "open" }, ...JSON.parse(JSON.stringify(changed)), placeholders: {} }
        })
        assert.include(json(yield* get(`named${key}`)).template_ids, "crud")
        const removed = yield* request("DELETE", `/named/crud${key}`)
        assert.deepStrictEqual([removed.status, removed.text], [204, ""])
        const gone = yield* get(`named/crud${key}`)
        assert.deepStrictEqual([gone.status, errors(gone)], [404, ["Cannot find template 'crud' of user 'alice'"]])
      })
    )

    it.effect("placeholders are filled as their types allow", () =>
      Effect.gen(function* () {
        const placeholders = {
          least: { type: "number", default: 0 },
          column: { type: "sql_ident", default: "population" },
          kind: { type: "sql_literal", default: "city" },
          buffer: { type: "number", default: 64 }
        }
        const sql = `select * from places where "<%= column %>" >= <%= least %> and kind = '<%=kind%>'`
        const filled = template("filled", { placeholders }, [layer({ sql, ...style })])
        yield* create({
          ...filled,
          layergroup: { ...filled.layergroup, buffersize: { mvt: "<%= buffer %>" } }
        })
        const tile = Effect.fnUntraced(function* (values: object) {
          return yield* names((yield* instance("filled", values)).layergroupid)
        })
        assert.deepStrictEqual(yield* tile({}), ["Barcelona", "Madrid", "Sevilla", "Valencia"])
        assert.deepStrictEqual(yield* tile({ buffer: 0, least: "1e6" }), ["Madrid"])
        assert.deepStrictEqual(yield* tile({ kind: "town", column: "cartodb_id", least: 8 }), ["Avila", "Cuenca"])
        const none = yield* instance("filled", { kind: "' or true --" })
        assert.strictEqual((yield* get(`${none.layergroupid}/5/15/12.mvt`)).status, 204)
        const wrong = yield* Effect.forEach([{ least: "12.5" }, { kind: 5 }, { buffer: "x" }], (values) =>
          Effect.map(instance("filled", values), ({ errors }) => errors[0])
        )
        assert.deepStrictEqual(wrong, [
          "Invalid number value for template parameter 'least': 12.5",
          "Invalid sql_literal value for template parameter 'kind': 5",
          "Invalid number value for template parameter 'buffer': x"
        ])
      })
    )

    it.effect("styles of an instantiation replace those of the template", () =>
      Effect.gen(function* () {
        yield* create(template("styled"))
        const { metadata } = yield* instance("styled", { styles: { "0": "#layer { marker-width: 1; }" } })
        assert.strictEqual(metadata.layers[0].meta.cartocss, "#layer { marker-width: 1; }")
      })
    )

    it.effect("tokens of a template open it and its maps, as they were; only a key of the account does so, too", () =>
      Effect.gen(function* () {
        const secrets = [layer({ sql: "select * from secrets", ...style })]
        yield* create(template("closed", { auth: { method: "token", valid_tokens: ["one", "two"] } }, secrets))
        const refused = yield* Effect.forEach(["", "?auth_token=three", key], (query) =>
          Effect.map(request("POST", `/named/closed${query}`, {}), ({ status }) => status)
        )
        assert.deepStrictEqual(refused, [403, 403, 403])
        const { layergroupid } = yield* instance("closed", {}, "?auth_token[]=none&auth_token[]=two")
        yield* request(
          "PUT",
          `/named/closed${key}`,
          template("closed", { auth: { method: "token", valid_tokens: ["three"] } })
        )
        const queries = ["", "?auth_token=one", "?auth_token=three", "?api_key=default_public", key]
        const statuses = yield* Effect.forEach(queries, (query) =>
          Effect.map(get(`${layergroupid}/4/7/6.mvt${query}`), ({ status }) => status)
        )
        assert.deepStrictEqual(statuses, [403, 200, 403, 403, 200])
        // Without its signature it is an anonymous map, whose data the public may not read.
        assert.strictEqual((yield* get(`${layergroupid.split("@").at(-1)}/4/7/6.mvt`)).status, 403)
      })
    )

    it.effect("a tile straight from a template is 200 even when it is empty, and is not stored", () =>
      Effect.gen(function* () {
        yield* create(template("direct"))
        const full = yield* get("named/direct/0/5/15/12.mvt")
        const empty = yield* get("named/direct/0/5/0/0.mvt")
        assert.deepStrictEqual([full.status, empty.status, empty.body.length], [200, 200, 0])
        assert.include(String(full.headers["surrogate-key"]), "n:")
        assert.strictEqual((yield* get(`${full.headers["carto-map-id"]}/5/15/12.mvt`)).status, 400)
      })
    )

    it.effect("JSONP instantiates with a function's name", () =>
      Effect.gen(function* () {
        yield* create(template("jsonp"))
        const { headers, text } = yield* get("named/jsonp/jsonp?callback=f&config=%7B%7D")
        assert.match(text, /^\/\*\*\/ typeof f === 'function' && f\(\{"layergroupid":"alice@/)
        assert.strictEqual(headers["cache-control"], "public,max-age=86400,must-revalidate")
      })
    )

    it.effect("templates are kept in the database, and their number is limited", () =>
      Effect.gen(function* () {
        const { template_ids } = json(yield* get(`named${key}`))
        assert.include(template_ids, "direct")
        const response = yield* create(template("more"))
        assert.deepStrictEqual(
          [response.status, errors(response)],
          [409, [`User 'alice' reached limit on number of templates (${template_ids.length}/2)`]]
        )
      }).pipe(another)
    )

    it.effect("who has few more templates left is warned once a month", () =>
      Effect.gen(function* () {
        const count = json(yield* get(`named${key}`)).template_ids.length
        const warnings = Effect.forEach(["warned", "again"], (name) =>
          Effect.map(create(template(name)), (response) => json(response).limit_message)
        )
        const limited = Layer.fresh(Emulator.layer({ maxTemplates: count + 50 }))
        assert.deepStrictEqual(yield* Effect.provide(warnings, limited), [
          "User alice reaching the named maps limit",
          undefined
        ])
      })
    )

    it.effect("no key's SQL reads them", () =>
      Effect.gen(function* () {
        const { url } = yield* Emulator
        const sql = encodeURIComponent("select * from carto_emulator.map_templates")
        const response = yield* Effect.promise(() => fetch(`${url}/api/v2/sql${key}&q=${sql}`))
        assert.strictEqual(response.status, 403)
      }).pipe(another)
    )

    it.effect("a renderer draws tiles from the features around them", () =>
      Effect.gen(function* () {
        const { layergroupid } = yield* instance("direct")
        const response = yield* get(`${layergroupid}/5/15/12@2x.png`)
        assert.deepStrictEqual([response.headers["content-type"], response.text], ["image/png", "image"])
        const madrid = drawing?.layers[0]?.features.find(({ properties }) => properties.name === "Madrid")
        assert.deepStrictEqual(
          [drawing?.options, drawing?.frame.width, madrid?.shape.parts],
          [{ format: "png", scale: 2 }, 256, [[[2749, 269]]]]
        )
      }).pipe(another)
    )

    it.effect("a static image shows the view that the query, the template or the data tells", () =>
      Effect.gen(function* () {
        const view = { zoom: 5, center: { lng: 0, lat: 0 }, bounds: { west: -10, south: -10, east: 10, north: 10 } }
        yield* request("PUT", `/named/direct${key}`, template("direct", { view, preview_layers: {} }))
        const shown = Effect.fnUntraced(function* (name: string, query = "") {
          const response = yield* get(`static/named/${name}/512/256.jpg${query}`)
          assert.strictEqual(response.status, 200, response.text)
          return [drawing?.frame.zoom, Math.round((drawing?.frame.west ?? 0) / 1000), drawing?.options.format]
        })
        assert.deepStrictEqual(yield* shown("direct"), [5, -1252, "jpg"])
        assert.deepStrictEqual(yield* shown("direct", "?zoom=0"), [0, -40075, "jpg"])
        assert.deepStrictEqual(yield* shown("direct", "?zoom=1&lon=90&lat=0"), [1, -10019, "jpg"])
        assert.deepStrictEqual(yield* shown("direct", "?bbox=-10,-10,10,10"), [4, -2505, "jpg"])
        assert.deepStrictEqual((yield* shown("styled"))[0], 5)
      }).pipe(another)
    )

    it.effect("a preview hides layers", () =>
      Effect.gen(function* () {
        const layers = [
          layer({ sql: "select * from areas", ...style }, "zones"),
          layer({ sql: "select * from places", ...style })
        ]
        yield* request(
          "PUT",
          `/named/direct${key}`,
          template("direct", { view: { preview_layers: { zones: false } } }, layers)
        )
        yield* get("static/named/direct/64/64.png")
        assert.deepStrictEqual(
          drawing?.layers.map(({ id }) => id),
          ["layer1"]
        )
      }).pipe(another)
    )
  }
)
