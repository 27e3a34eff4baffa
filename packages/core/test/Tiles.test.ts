import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Tiles from "../src/Tiles.ts"

const all = (area: Tiles.Area) => [...Tiles.coordinates(area)].map(({ x, y, z }) => `${z}/${x}/${y}`)

describe("Tiles.project", () => {
  // In the units of a vector tile 5/15/12 (Maps reference, §21).
  const places: ReadonlyArray<readonly [lng: number, lat: number, x: number, y: number]> = [
    [-3.7, 40.42, 2749, 269],
    [2.17, 41.38, 4886, -194],
    [-0.37, 39.47, 3961, 720],
    [-10, 36, 455, 2318]
  ]
  for (const [lng, lat, x, y] of places) {
    it(`puts ${lng}, ${lat} where the server does`, () => {
      const at = Tiles.project(lng, lat, 5)
      assert.strictEqual(Math.round((at.x - 15) * 4096), x)
      assert.strictEqual(Math.round((at.y - 12) * 4096), y)
    })
  }

  it("ends where the map is a square", () => {
    assert.approximately(Tiles.project(180, -90, 3).y, 8, 1e-9)
    assert.approximately(Tiles.project(-180, Tiles.maxLatitude, 3).y, 0, 1e-9)
  })
})

describe("Tiles.coordinates", () => {
  it("are those that the box touches, at each zoom level", () => {
    assert.deepStrictEqual(all({ bbox: [-10, 36, 4, 44], minzoom: 0, maxzoom: 3 }), [
      "0/0/0",
      "1/0/0",
      "1/1/0",
      "2/1/1",
      "2/2/1",
      "3/3/2",
      "3/3/3",
      "3/4/2",
      "3/4/3"
    ])
  })

  it("are the whole world, without what lies beyond its edges", () => {
    const world = { bbox: [-180, -90, 180, 90], minzoom: 0, maxzoom: 4 } as const
    assert.strictEqual(all(world).length, 1 + 4 + 16 + 64 + 256)
    assert.strictEqual(Tiles.count(world), 341)
  })

  it("do not touch the neighbours of a box that ends on an edge", () => {
    assert.deepStrictEqual(all({ bbox: Tiles.bounds({ z: 4, x: 5, y: 6 }), minzoom: 4, maxzoom: 4 }), ["4/5/6"])
  })

  it("go around the 180th meridian", () => {
    const pacific = { bbox: [170, -20, -170, 20], minzoom: 0, maxzoom: 2 } as const
    assert.deepStrictEqual(all(pacific), [
      "0/0/0",
      "1/1/0",
      "1/1/1",
      "1/0/0",
      "1/0/1",
      "2/3/1",
      "2/3/2",
      "2/0/1",
      "2/0/2"
    ])
    assert.strictEqual(Tiles.count(pacific), 9)
  })

  it("are one tile for a point", () => {
    assert.deepStrictEqual(all({ bbox: [0, 0, 0, 0], minzoom: 2, maxzoom: 2 }), ["2/2/2"])
    assert.deepStrictEqual(all({ bbox: [180, -90, 180, -90], minzoom: 2, maxzoom: 2 }), ["2/3/3"])
  })

  it.effect.prop(
    "are as many as counted, each once, and all touch the box",
    {
      west: Schema.Int.check(Schema.isBetween({ minimum: -180, maximum: 180 })),
      east: Schema.Int.check(Schema.isBetween({ minimum: -180, maximum: 180 })),
      south: Schema.Int.check(Schema.isBetween({ minimum: -90, maximum: 0 })),
      north: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 90 })),
      zoom: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 }))
    },
    Effect.fnUntraced(function* ({ east, north, south, west, zoom }) {
      const area = { bbox: [west, south, east, north], minzoom: 0, maxzoom: zoom } as const
      assert.isUndefined(Tiles.problemOf(area))
      const found = all(area)
      assert.strictEqual(found.length, Tiles.count(area))
      assert.strictEqual(new Set(found).size, found.length)
      for (const at of Tiles.coordinates(area)) {
        assert.isUndefined(Tiles.problemOfCoordinates(at))
        const [w, s, e, n] = Tiles.bounds(at)
        assert.isTrue(west <= east ? w <= east && e >= west : w <= east || e >= west, found.join(" "))
        assert.isTrue(s - 1e-9 <= Math.max(north, -85.06) && n + 1e-9 >= Math.min(south, 85.06))
      }
      yield* Effect.void
    })
  )
})

describe("a tile", () => {
  it("has another row where rows are counted from the south", () => {
    assert.strictEqual(Tiles.tmsRow({ z: 0, x: 0, y: 0 }), 0)
    assert.strictEqual(Tiles.tmsRow({ z: 5, x: 15, y: 12 }), 19)
  })

  it("must exist", () => {
    const wrong: ReadonlyArray<Tiles.Coordinates> = [
      { z: -1, x: 0, y: 0 },
      { z: 1.5, x: 0, y: 0 },
      { z: 31, x: 0, y: 0 },
      { z: 2, x: 0.5, y: 0 },
      { z: 2, x: 0, y: 4 },
      { z: 2, x: 0, y: -1 },
      { z: Number.NaN, x: 0, y: 0 }
    ]
    for (const at of wrong) assert.isDefined(Tiles.problemOfCoordinates(at))
    assert.isUndefined(Tiles.problemOfCoordinates({ z: 2, x: -1, y: 3 }))
  })

  it("has an area to be in", () => {
    const areas: ReadonlyArray<Tiles.Area> = [
      { bbox: [0, 10, 1, 5], minzoom: 0, maxzoom: 1 },
      { bbox: [0, 0, Number.NaN, 1], minzoom: 0, maxzoom: 1 },
      { bbox: [-200, 0, 0, 1], minzoom: 0, maxzoom: 1 },
      { bbox: [0, 0, 1, 1], minzoom: 2, maxzoom: 1 },
      { bbox: [0, 0, 1, 1], minzoom: 0, maxzoom: 31 },
      { bbox: [0, 0, 1, 1], minzoom: 0.5, maxzoom: 1 }
    ]
    for (const area of areas) assert.isDefined(Tiles.problemOf(area))
  })
})
