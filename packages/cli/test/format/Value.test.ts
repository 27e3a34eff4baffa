import { assert, describe, it } from "@effect/vitest"
import type * as GeoJson from "@effect-carto/core/GeoJson"
import { Geometry } from "@effect-carto/core/Geometry"
import { Interval } from "@effect-carto/core/Interval"
import * as PgTypes from "@effect-carto/core/PgTypes"
import { Result } from "effect"
import * as Csv from "../../src/format/Csv.ts"
import { toJson, toText } from "../../src/format/Value.ts"
import { toWkt } from "../../src/format/Wkt.ts"

const instant = PgTypes.fromText("timestamptz")

const geometry = (geometry: GeoJson.Geometry, srid?: number) =>
  Result.getOrThrow(Geometry.fromGeoJson(geometry, { srid }))

describe("a value", () => {
  const table: ReadonlyArray<readonly [value: unknown, json: string, text: string]> = [
    [9007199254740993n, "9007199254740993", "9007199254740993"],
    [0.1, "0.1", "0.1"],
    [-0, "-0", "-0"],
    [Number.NaN, '"NaN"', "NaN"],
    [Number.NEGATIVE_INFINITY, '"-Infinity"', "-Infinity"],
    [true, "true", "true"],
    ['a"\n', '"a\\"\\n"', 'a"\n'],
    [new Uint8Array([0, 255]), '"\\\\x00ff"', "\\x00ff"],
    [instant("2020-01-02 03:04:05.000123+00"), '"2020-01-02T03:04:05.000123Z"', "2020-01-02T03:04:05.000123Z"],
    [instant("1969-12-31 23:59:59.999999+00"), '"1969-12-31T23:59:59.999999Z"', "1969-12-31T23:59:59.999999Z"],
    [instant("1970-01-01 00:00:00+00"), '"1970-01-01T00:00:00Z"', "1970-01-01T00:00:00Z"],
    [
      new Interval({ months: 1, days: 2, microseconds: 3n }),
      '"1 mons 2 days 0:00:00.000003"',
      "1 mons 2 days 0:00:00.000003"
    ],
    [[1n, null, [Number.NaN]], '[1,null,["NaN"]]', '[1,null,["NaN"]]'],
    [{ a: undefined, b: { c: 1n } }, '{"a":null,"b":{"c":1}}', '{"a":null,"b":{"c":1}}']
  ]
  for (const [value, json, text] of table) {
    it(`${text} is exact in JSON and in text`, () => {
      assert.strictEqual(toJson(value), json)
      assert.strictEqual(toText(value), text)
    })
  }

  it("a geometry is hexadecimal EWKB in data and well-known text for people", () => {
    const point = geometry({ type: "Point", coordinates: [1, 2.5] })
    assert.strictEqual(toText(point), "0101000020E6100000000000000000F03F0000000000000440")
    assert.strictEqual(toWkt(point), "POINT(1 2.5)")
    const polygon = {
      type: "Polygon",
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [0, 1],
          [0, 0]
        ]
      ]
    } as const
    assert.strictEqual(toWkt(geometry(polygon, 3857)), "SRID=3857;POLYGON((0 0,1 0,0 1,0 0))")
    assert.strictEqual(toWkt(geometry({ type: "MultiPoint", coordinates: [] })), "MULTIPOINT EMPTY")
    assert.strictEqual(toWkt(geometry({ type: "Point", coordinates: [1, 2, 3] })), "POINT Z(1 2 3)")
    const collection = { type: "GeometryCollection", geometries: [{ type: "Point", coordinates: [1, 2] }] } as const
    assert.strictEqual(toWkt(geometry(collection)), "GEOMETRYCOLLECTION(POINT(1 2))")
    assert.strictEqual(toWkt(new Geometry({ ewkb: new Uint8Array([1, 2]) })), "0102")
  })
})

describe("a line of CSV", () => {
  it("quotes what COPY would read otherwise", () => {
    assert.strictEqual(
      Csv.line([null, "", "a,b", 'a"b', "a\nb", " a", "\\.", "plain"]),
      ',"","a,b","a""b","a\nb"," a","\\.",plain\n'
    )
  })
})
