import { assert, it } from "@effect/vitest"
import { VectorTile } from "@mapbox/vector-tile"
import { Effect, Layer } from "effect"
import { PbfReader } from "pbf"
import { Database } from "../src/Database.ts"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { json, send } from "./http.ts"
import { tables } from "./wire/mapsAccount.ts"

const emulator = Layer.effectDiscard(Effect.flatMap(Database, (database) => database.rows(tables))).pipe(
  Layer.provideMerge(Emulator.layer()),
  Layer.provideMerge(PgliteDatabase.layer())
)

const layer = (options: object, id?: string) => ({ type: "cartodb", id, options })
const style = { cartocss: "#layer { marker-width: 8; }", cartocss_version: "2.3.0" }
const places = { sql: "select * from places", ...style }

const post = Effect.fnUntraced(function* (body: unknown, path = "/api/v1/map") {
  const { url } = yield* Emulator
  return yield* send(url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body)
  })
})

const get = Effect.fnUntraced(function* (path: string, headers: Record<string, string> = {}) {
  const { url } = yield* Emulator
  return yield* send(`${url}/api/v1/map/${path}`, { headers })
})

const instantiate = (layers: ReadonlyArray<unknown>, more: object = {}) =>
  Effect.map(post({ version: "1.7.0", layers, ...more }), json)

const decode = (body: Buffer) => {
  const tile = new VectorTile(new PbfReader(body))
  return Object.fromEntries(
    Object.entries(tile.layers).map(([name, layer]) => [
      name,
      Array.from({ length: layer.length }, (_, index) => {
        const feature = layer.feature(index)
        return {
          type: feature.type,
          properties: feature.properties,
          geometry: feature.loadGeometry().map((path) => path.map(({ x, y }) => [x, y]))
        }
      })
    ])
  )
}

it.layer(emulator, { timeout: "2 minutes", excludeTestServices: true })("Maps", (it) => {
  it.effect("a vector tile has points and columns of its layer", () =>
    Effect.gen(function* () {
      const { layergroupid } = yield* instantiate([layer(places, "pts")])
      const response = yield* get(`${layergroupid}/5/15/12.mvt`)
      assert.strictEqual(response.status, 200, response.text)
      const [madrid] = decode(response.body).pts ?? []
      assert.deepStrictEqual(madrid, {
        type: 1,
        properties: { cartodb_id: 1, name: "Madrid", kind: "city", population: 3300000, score: 9.5, active: true },
        geometry: [[[2749, 269]]]
      })
    })
  )

  it.effect("a tile without features is 204", () =>
    Effect.gen(function* () {
      const { layergroupid } = yield* instantiate([layer(places)])
      const response = yield* get(`${layergroupid}/5/0/0.mvt`)
      assert.deepStrictEqual([response.status, response.body.length], [204, 0])
    })
  )
})
