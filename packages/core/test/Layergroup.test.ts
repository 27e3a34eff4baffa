import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Layergroup, LayergroupAnswer } from "../src/Layergroup.ts"
import { recorded } from "./recordings.ts"

const answerOf = (name: string) => Schema.decodeUnknownSync(LayergroupAnswer)(JSON.parse(String(recorded(name).body)))

const layergroup = (name: string, changes: object = {}) =>
  new Layergroup({ ...answerOf(name), baseUrl: "https://ana.carto.com", user: "ana", ...changes })

/** Plain, http, mapnik `zones`, mapnik `pts`, torque. */
const map = layergroup("anon-022-anon-multi-types")
const id = map.layergroupid
const cdn = "https://{s}.cdn.carto.test:58181/ana/api/v1/map"
const own = "https://ana.carto.com/api/v1/map"
const dataviews = layergroup("anon-165-dv-map")

describe("a layergroup's tiles", () => {
  const templates: ReadonlyArray<readonly [options: Parameters<typeof map.tileTemplate>[0], path: string]> = [
    [{}, "{z}/{x}/{y}.png"],
    [{ scale: 2 }, "{z}/{x}/{y}@2x.png"],
    [{ format: "mvt" }, "{z}/{x}/{y}.mvt"],
    [{ layers: 0 }, "0/{z}/{x}/{y}.png"],
    [{ layers: "zones" }, "2/{z}/{x}/{y}.png"],
    [{ layers: ["zones", "pts"], format: "png32" }, "2,3/{z}/{x}/{y}.png32"],
    [{ layers: [2, 3], format: "mvt" }, "2,3/{z}/{x}/{y}.mvt"],
    [{ layers: "all" }, "all/{z}/{x}/{y}.png"],
    [{ layers: "torque-layer0", format: "torque.json" }, "4/{z}/{x}/{y}.torque.json"],
    [{ layers: 2, format: "grid.json" }, "2/{z}/{x}/{y}.grid.json"]
  ]
  for (const [options, path] of templates) {
    it(`of ${JSON.stringify(options)} are at ${path}`, () => {
      assert.deepStrictEqual(map.tileTemplate(options), {
        urlTemplate: `${cdn}/${id}/${path}`,
        subdomains: ["a", "b", "c"]
      })
      assert.deepStrictEqual(map.tileTemplate({ ...options, via: "direct" }), {
        urlTemplate: `${own}/${id}/${path}`,
        subdomains: []
      })
    })
  }

  it("are where the server says that they are", () => {
    const { raster, vector } = map.metadata.url ?? {}
    assert.strictEqual(map.tileTemplate().urlTemplate, raster?.urlTemplate)
    assert.strictEqual(map.tileTemplate({ format: "mvt" }).urlTemplate, vector?.urlTemplate)
    assert.deepStrictEqual(map.tileJson().tiles, map.metadata.tilejson?.raster?.tiles)
  })

  it("are spread over the hosts, the same tile always on the same", () => {
    const hosts = [0, 1, 2, 3].map((x) => map.tileUrl({ z: 2, x, y: 1 }).slice(8, 9))
    assert.deepStrictEqual(hosts, ["b", "c", "a", "b"])
  })

  it("come from the account where no CDN is told, and from a host without a template where one is", () => {
    const { cdn_url: _, ...rest } = answerOf("anon-022-anon-multi-types")
    const direct = new Layergroup({ ...rest, baseUrl: "https://carto.example/user/ana", user: "ana" })
    assert.strictEqual(
      direct.tileTemplate().urlTemplate,
      `https://carto.example/user/ana/api/v1/map/${id}/{z}/{x}/{y}.png`
    )
    const plain = layergroup("anon-022-anon-multi-types", { cdn_url: { http: "h.example", https: "s.example:444" } })
    assert.strictEqual(plain.tileUrl({ z: 0, x: 0, y: 0 }), `https://s.example:444/ana/api/v1/map/${id}/0/0/0.png`)
  })

  it("make a TileJSON whose vector layers have the columns that the server told of", () => {
    const told = layergroup("anon-257-metadata-options")
    const area = { bbox: [-10, 36, 4, 44], minzoom: 2, maxzoom: 9 } as const
    assert.deepStrictEqual(told.tileJson({ format: "mvt", name: "cities", area, via: "direct" }), {
      tilejson: "2.2.0",
      name: "cities",
      tiles: [`${own}/${told.layergroupid}/{z}/{x}/{y}.mvt`],
      minzoom: 2,
      maxzoom: 9,
      bounds: [-10, 36, 4, 44],
      vector_layers: [
        {
          id: "layer0",
          fields: {
            cartodb_id: "number",
            name: "string",
            kind: "string",
            population: "number",
            score: "number",
            active: "boolean"
          }
        }
      ]
    })
    assert.deepStrictEqual(
      map.tileJson({ format: "mvt", layers: "pts" }).vector_layers?.map(({ id }) => id),
      ["pts"]
    )
  })
})

describe("a layergroup's other resources", () => {
  it("have the host that the server chooses for them", () => {
    // Maps reference, §21.
    assert.strictEqual(
      dataviews.dataviewUrl("f_count"),
      "https://a.cdn.carto.test:58181/ana/api/v1/map/e792d3aac507cce1995a8037e53f2ba5:1714979289123/dataview/f_count"
    )
    for (const [name, { url }] of Object.entries(dataviews.metadata.dataviews ?? {})) {
      assert.strictEqual(dataviews.dataviewUrl(name), url?.https)
    }
  })

  it("are addressed by index, and take parameters", () => {
    assert.strictEqual(map.attributesUrl("pts", 7n, { via: "direct" }), `${own}/${id}/3/attributes/7`)
    assert.strictEqual(
      dataviews.dataviewUrl("h_pop", { bbox: [-10, 36, 4, 44], bins: 4, filters: "all", via: "direct" }),
      `${own}/${dataviews.layergroupid}/dataview/h_pop?bbox=-10%2C36%2C4%2C44&own_filter=1&bins=4`
    )
    assert.strictEqual(
      dataviews.dataviewUrl("f_count", { circle: { lng: 1, lat: 2, radius: 3 }, filters: "none", via: "direct" }),
      `${own}/${dataviews.layergroupid}/dataview/f_count?circle=${encodeURIComponent('{"lng":1,"lat":2,"radius":3}')}&no_filters=1`
    )
    assert.strictEqual(
      dataviews.searchUrl("c_name", "San & Co", { via: "direct" }),
      `${own}/${dataviews.layergroupid}/dataview/c_name/search?q=San%20%26%20Co`
    )
    const view = { center: { lng: -3.7, lat: 40.4 }, zoom: 5 }
    assert.strictEqual(
      map.staticUrl(view, { width: 300, height: 200 }, { via: "direct", format: "jpg", layers: ["pts", "zones"] }),
      `${own}/static/center/${id}/5/40.4/-3.7/300/200.jpg?layer=3,2`
    )
    assert.strictEqual(
      map.staticUrl({ bbox: [-10, 36, 4, 44] }, { width: 3, height: 2 }, { via: "direct" }),
      `${own}/static/bbox/${id}/-10,36,4,44/3/2.png`
    )
  })

  it("keep the signature of a named map readable", () => {
    const named = layergroup("named-056-named-inst-ok")
    assert.isTrue(named.isNamed)
    assert.match(named.tileTemplate({ via: "direct" }).urlTemplate, /\/map\/ana@[0-9a-f]{8}@[0-9a-f]{32}:\d+\/\{z\}/)
  })

  it.effect.prop(
    "stay below the map, whatever a name holds",
    { name: Schema.NonEmptyString, layer: Schema.NonEmptyString },
    Effect.fnUntraced(function* ({ layer, name }) {
      const below = `/api/v1/map/${id}/`
      for (const url of [
        map.dataviewUrl(name, { via: "direct" }),
        map.searchUrl(name, name, { via: "direct" }),
        map.attributesUrl(layer, 1, { via: "direct" }),
        map.tileUrl({ z: 0, x: 0, y: 0 }, { layers: layer, via: "direct" }),
        map.tileUrl({ z: 0, x: 0, y: 0 }, { layers: [layer, name], via: "direct" })
      ]) {
        const { hash, origin, pathname } = new URL(url)
        assert.strictEqual(origin, "https://ana.carto.com")
        assert.strictEqual(hash, "")
        assert.isTrue(pathname.startsWith(below), pathname)
        assert.isAtLeast(pathname.slice(below.length).split("/").length, 2)
      }
      yield* Effect.void
    })
  )
})

describe("a layergroup as JSON", () => {
  it.effect("comes back as it was, without any key", () =>
    Effect.gen(function* () {
      const told = layergroup("anon-234-analysis-buffer-master-again")
      const text = JSON.stringify(yield* Schema.encodeEffect(Layergroup)(told))
      assert.notInclude(text, "master-ana")
      const back = yield* Schema.decodeUnknownEffect(Schema.fromJsonString(Layergroup))(text)
      assert.deepStrictEqual(back, told)
      assert.strictEqual(back.tileUrl({ z: 1, x: 1, y: 1 }), told.tileUrl({ z: 1, x: 1, y: 1 }))
    })
  )
})
