import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { Hex } from "effect/encoding"
import * as Ewkb from "../src/Ewkb.ts"
import * as GeoJson from "../src/GeoJson.ts"
import { Geometry } from "../src/Geometry.ts"

const bytesOf = (hex: string) => Result.getOrThrow(Hex.decode(hex))

/** What PostGIS 3.3 writes. */
const table: ReadonlyArray<readonly [wkt: string, hex: string, decoded: Ewkb.Decoded]> = [
  [
    "SRID=4326;POINT(1 2)",
    "0101000020E6100000000000000000F03F0000000000000040",
    { geometry: { type: "Point", coordinates: [1, 2] }, srid: 4326, hasZ: false, hasM: false }
  ],
  [
    "POINT Z (1 2 3)",
    "0101000080000000000000F03F00000000000000400000000000000840",
    { geometry: { type: "Point", coordinates: [1, 2, 3] }, srid: 0, hasZ: true, hasM: false }
  ],
  [
    "POINT M (1 2 3)",
    "0101000040000000000000F03F00000000000000400000000000000840",
    { geometry: { type: "Point", coordinates: [1, 2, 3] }, srid: 0, hasZ: false, hasM: true }
  ],
  [
    "POINT ZM (1 2 3 4)",
    "01010000C0000000000000F03F000000000000004000000000000008400000000000001040",
    { geometry: { type: "Point", coordinates: [1, 2, 3, 4] }, srid: 0, hasZ: true, hasM: true }
  ],
  [
    "POINT EMPTY",
    "0101000000000000000000F87F000000000000F87F",
    { geometry: { type: "Point", coordinates: [] }, srid: 0, hasZ: false, hasM: false }
  ],
  [
    "GEOMETRYCOLLECTION EMPTY",
    "010700000000000000",
    { geometry: { type: "GeometryCollection", geometries: [] }, srid: 0, hasZ: false, hasM: false }
  ],
  [
    "SRID=4326;MULTIPOINT((1 2))",
    "0104000020E6100000010000000101000000000000000000F03F0000000000000040",
    { geometry: { type: "MultiPoint", coordinates: [[1, 2]] }, srid: 4326, hasZ: false, hasM: false }
  ],
  [
    "LINESTRING(1 2,1 2)",
    "010200000002000000000000000000F03F0000000000000040000000000000F03F0000000000000040",
    {
      geometry: {
        type: "LineString",
        coordinates: [
          [1, 2],
          [1, 2]
        ]
      },
      srid: 0,
      hasZ: false,
      hasM: false
    }
  ]
]

const Coordinate = Schema.Finite
const position = (size: number) => Schema.Array(Coordinate).check(Schema.isMinLength(size), Schema.isMaxLength(size))

/** Geometries of every kind whose positions all have the same number of ordinates. */
const geometries = (size: number): Schema.Codec<GeoJson.Geometry> => {
  const Position = position(size)
  const Line = Schema.Array(Position)
  const Rings = Schema.Array(Line)
  const any: Schema.Codec<GeoJson.Geometry> = Schema.Union([
    Schema.Struct({ type: Schema.Literal("Point"), coordinates: Position }),
    Schema.Struct({ type: Schema.Literals(["MultiPoint", "LineString"]), coordinates: Line }),
    Schema.Struct({ type: Schema.Literals(["MultiLineString", "Polygon"]), coordinates: Rings }),
    Schema.Struct({ type: Schema.Literal("MultiPolygon"), coordinates: Schema.Array(Rings) }),
    Schema.Struct({
      type: Schema.Literal("GeometryCollection"),
      geometries: Schema.Array(Schema.suspend(() => any))
    })
  ])
  return any
}

describe("Ewkb", () => {
  for (const [wkt, hex, decoded] of table) {
    it(`reads and writes ${wkt}`, () => {
      assert.deepStrictEqual(Ewkb.decode(bytesOf(hex)), Result.succeed(decoded))
      const written = Ewkb.encode(decoded.geometry, decoded)
      assert.strictEqual(Hex.encode(Result.getOrThrow(written)).toUpperCase(), hex)
    })
  }

  for (const size of [2, 3, 4]) {
    it.prop(`any geometry of ${size} ordinates is read as it was written`, [geometries(size)], ([geometry]) => {
      const encoded = Result.getOrThrow(Ewkb.encode(geometry))
      const decoded = Result.getOrThrow(Ewkb.decode(encoded))
      assert.deepStrictEqual(decoded.geometry, geometry)
      assert.strictEqual(decoded.srid, 4326)
    })
  }

  it("reads big-endian and ISO well-known binary", () => {
    const point = { type: "Point", coordinates: [1, 2] } as const
    const big = Ewkb.decode(bytesOf("00000000013FF00000000000004000000000000000"))
    assert.deepStrictEqual(
      Result.map(big, (d) => d.geometry),
      Result.succeed(point)
    )
    const iso = Ewkb.decode(bytesOf("01E9030000000000000000F03F00000000000000400000000000000840"))
    assert.deepStrictEqual(
      iso,
      Result.succeed({ geometry: { type: "Point", coordinates: [1, 2, 3] }, srid: 0, hasZ: true, hasM: false })
    )
  })

  it("drops m from GeoJSON, which has no place for it", () => {
    const geometry = new Geometry({ ewkb: bytesOf("0101000040000000000000F03F00000000000000400000000000000840") })
    assert.deepStrictEqual(geometry.geoJson, Result.succeed({ type: "Point", coordinates: [1, 2] }))
  })

  it.prop("bytes that break off anywhere are refused", [geometries(2), Schema.Finite], ([geometry, at]) => {
    const encoded = Result.getOrThrow(Ewkb.encode(geometry))
    const cut = Math.abs(Math.trunc(at)) % encoded.length
    assert.isTrue(Result.isFailure(Ewkb.decode(encoded.subarray(0, cut))))
  })

  it("refuses what GeoJSON does not know, huge counts, wrong parts, deep nesting and trailing bytes", () => {
    const nested = Hex.encode(Uint8Array.of(1, 7, 0, 0, 0, 1, 0, 0, 0)).repeat(100_000)
    for (const hex of [
      "010800000000000000",
      "0102000000FFFFFFFF",
      "010400000001000000010200000000000000",
      nested,
      "01070000000000000000",
      "",
      "02"
    ]) {
      assert.isTrue(Result.isFailure(Ewkb.decode(bytesOf(hex))), hex.slice(0, 40))
    }
  })

  it("refuses coordinates of mixed or missing ordinates", () => {
    for (const geometry of [
      {
        type: "LineString",
        coordinates: [
          [1, 2],
          [1, 2, 3]
        ]
      },
      { type: "LineString", coordinates: [[1, 2], []] },
      { type: "Point", coordinates: [1] }
    ] as const) {
      assert.isTrue(Result.isFailure(Ewkb.encode(geometry)))
    }
  })
})

describe("GeoJson", () => {
  const decode = Schema.decodeUnknownResult(GeoJson.FeatureCollection)

  it("reads a feature collection with a missing geometry", () => {
    const collection: GeoJson.FeatureCollection = {
      type: "FeatureCollection",
      features: [
        { type: "Feature", geometry: { type: "Point", coordinates: [1, 2] }, properties: { a: 1 } },
        { type: "Feature", geometry: null, properties: null }
      ]
    }
    assert.deepStrictEqual(decode(collection), Result.succeed(collection))
  })

  it("tells geometries from other objects", () => {
    assert.isTrue(
      GeoJson.isGeometry({ type: "GeometryCollection", geometries: [{ type: "Point", coordinates: [1, 2] }] })
    )
    assert.isFalse(GeoJson.isGeometry({ type: "Point", coordinates: [["1"]] }))
    assert.isFalse(GeoJson.isGeometry({ type: "Circle", coordinates: [1, 2] }))
    assert.isFalse(GeoJson.isGeometry(null))
  })
})
