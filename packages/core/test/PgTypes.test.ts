import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { BigDecimal, DateTime, Effect, Result, Schema } from "effect"
import { Geometry, GeometryAsGeoJson } from "../src/Geometry.ts"
import { Interval } from "../src/Interval.ts"
import { PgTypeError } from "../src/PgTypeError.ts"
import * as PgTypes from "../src/PgTypes.ts"

const Body = Schema.fromJsonString(
  Schema.Struct({ rows: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)), fields: PgTypes.Fields })
)

/** The rows of a recorded answer, decoded column by column; an error stands for a value that was refused. */
const recorded = (name: string) => {
  const text = readFileSync(new URL(`fixtures/sql/${name}.http`, import.meta.url), "utf8")
  const { fields, rows } = Schema.decodeUnknownSync(Body)(text.slice(text.lastIndexOf('{"rows":')).trim())
  const decoded: Record<string, unknown> = {}
  for (const { name, pgtype } of PgTypes.columns(fields)) {
    decoded[name] = Result.merge(
      Result.try({ try: () => PgTypes.fromJson(pgtype, name)(rows[0]?.[name]), catch: (error) => error })
    )
  }
  return decoded
}

const utc = (text: string) => DateTime.makeUnsafe(text)
const hexOf = (value: unknown) => (value instanceof Geometry ? value.hex : value)

describe("PgTypes", () => {
  it("decodes a recorded row of every type", () => {
    const { anygeom, geog, geom, i8, rast, ...rest } = recorded("q11-alltypes")
    assert.instanceOf(i8, PgTypeError)
    const point = "0101000020E6100000000000000000F03F0000000000000040"
    assert.strictEqual(hexOf(geom), point)
    assert.strictEqual(hexOf(geog), point)
    assert.strictEqual(hexOf(anygeom), "0101000080000000000000F03F00000000000000400000000000000840")
    assert.isString(rast)
    assert.deepStrictEqual(rest, {
      i2: 1,
      i4: 2,
      num: "1.1",
      f4: 1.5,
      f8: 2.25,
      b: true,
      t: 'text "q" ñ',
      vc: "vc",
      c: "c  ",
      d: "2020-01-31",
      ts: utc("2020-01-31T12:34:56Z"),
      tstz: utc("2020-01-31T10:34:56Z"),
      tm: "12:34:56",
      iv: new Interval({ months: 0, days: 1, microseconds: 7_384_000_000n }),
      js: { a: [1, 2, { b: null }] },
      jsb: { z: 1 },
      by: Uint8Array.of(1, 2, 255),
      u: "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
      money: "$12.34",
      ai: [1, 2, null],
      at: ["a", "b,c", null],
      ab: [true, false],
      ad: ["2020-01-31"],
      an: ["1.5", "2"],
      rng: "[1,5)",
      ip: "10.0.0.1",
      nul: null,
      xm: "<a/>",
      oidc: 42,
      bits: "1010",
      nm: "nm",
      tsv: "'bar' 'foo'",
      pt: { x: 1, y: 2 }
    })
  })

  it("decodes the recorded special numbers, and refuses those that JSON has rounded", () => {
    const { e, g, ...rest } = recorded("q12-special-floats")
    assert.instanceOf(e, PgTypeError)
    assert.instanceOf(g, PgTypeError)
    assert.include(String(g), 'Column "g" of type int8: JSON has rounded it')
    assert.deepStrictEqual(rest, {
      a: Number.NaN,
      b: Number.POSITIVE_INFINITY,
      c: Number.NEGATIVE_INFINITY,
      d: "NaN",
      f: 1e300,
      h: [Number.NaN],
      i: 0.1
    })
  })

  it("decodes the recorded dates, BC, far and infinite ones too", () => {
    const { d: _, ...rest } = recorded("q13-dates")
    assert.deepStrictEqual(rest, {
      inf: "infinity",
      ninf: "-infinity",
      bc: "0044-03-15 BC",
      far: "12020-01-01",
      z: utc("2020-01-31T10:34:56Z"),
      nz: utc("2020-01-31T12:34:56Z"),
      infz: "infinity"
    })
  })

  it("decodes the recorded intervals and zones", () => {
    assert.deepStrictEqual(recorded("q40-time-zones"), {
      a: utc("2020-06-01T12:00:00Z"),
      b: utc("2020-06-01T10:00:00Z"),
      c: "12:00:00+02",
      d: [utc("2020-06-01T12:00:00Z")],
      e: new Interval({ months: 14, days: 0, microseconds: 0n }),
      f: new Interval({ months: 0, days: -1, microseconds: 7_384_567_000n })
    })
  })

  it("decodes the recorded JSON, nested arrays and odd names", () => {
    assert.deepStrictEqual(recorded("q41-jsonb-array-hstore-like"), {
      a: [1, "a"],
      b: null,
      c: [{ a: 1 }],
      d: "str",
      e: "{0101000000000000000000F03F0000000000000040}"
    })
    const { d, ...rest } = recorded("q42-nested-array")
    assert.instanceOf(d, PgTypeError)
    assert.deepStrictEqual(rest, {
      a: [
        [1, 2],
        [3, 4]
      ],
      b: [],
      c: ["1.5", "NaN"],
      e: ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]
    })
    assert.deepStrictEqual(recorded("q44-column-with-quotes"), { 'a"b': 1, "ñ c": 2 })
  })

  it("decodes the recorded geometries to GeoJSON", () => {
    const { a, b } = recorded("q43-empty-geometry")
    assert.deepStrictEqual(a instanceof Geometry && a.geoJson, Result.succeed({ type: "Point", coordinates: [] }))
    assert.deepStrictEqual(
      b instanceof Geometry && b.geoJson,
      Result.succeed({
        type: "MultiPolygon",
        coordinates: [
          [
            [
              [0, 0],
              [1, 0],
              [1, 1],
              [0, 0]
            ]
          ]
        ]
      })
    )
  })

  it("reads the wall clock of a server that is not in UTC, and the instant of a timestamptz", () => {
    const value = "2020-06-01T12:00:00+0200"
    assert.deepStrictEqual(PgTypes.fromJson("timestamp")(value), utc("2020-06-01T12:00:00Z"))
    assert.deepStrictEqual(PgTypes.fromJson("timestamptz")(value), utc("2020-06-01T10:00:00Z"))
    assert.deepStrictEqual(PgTypes.fromJson("date")("2020-06-01T00:00:00+0200"), "2020-06-01")
  })

  it("keeps microseconds as the fraction of the milliseconds", () => {
    const value = PgTypes.fromText("timestamptz")("2020-01-31 12:34:56.789012+02")
    assert.strictEqual(DateTime.isDateTime(value) && DateTime.toEpochMillis(value), 1580466896789.012)
  })

  it("tells which types JSON carries exactly", () => {
    for (const pgtype of ["int8", "numeric", "timestamp", "timestamptz", "_int8"]) {
      assert.isFalse(PgTypes.isExactInJson(pgtype), pgtype)
    }
    for (const pgtype of ["int4", "float8", "text", "date", "jsonb", "geometry", "_text", "unknown(16545)"]) {
      assert.isTrue(PgTypes.isExactInJson(pgtype), pgtype)
    }
  })

  it("decodes rows in place, and leaves columns that the fields do not name", () => {
    const decode = PgTypes.rowsFromJson({
      a: { type: "number", pgtype: "int8" },
      g: { type: "geometry", dims: 4, srid: -1 }
    })
    const rows = [
      { a: 1, other: 2 },
      { a: null, g: null }
    ]
    assert.deepStrictEqual(decode(rows), [
      { a: 1n, other: 2 },
      { a: null, g: null }
    ])
    assert.strictEqual(decode(rows.slice(1))[0], rows[1])
  })

  const refused: ReadonlyArray<readonly [pgtype: string, text: string]> = [
    ["int4", "x"],
    ["int4", ""],
    ["int8", "1.5"],
    ["int8", ""],
    ["bool", "yes"],
    ["jsonb", "{"],
    ["bytea", "\\x0"],
    ["geometry", "xyz"],
    ["point", "1,2"],
    ["timestamp", "31/01/2020 12:00:00"],
    ["interval", "P1D"],
    ["interval", ""],
    ["_int4", "{1"],
    ["_int4", "1"],
    ["_int4", "{1}2"],
    ["_text", '{"a']
  ]
  for (const [pgtype, text] of refused) {
    it(`refuses ${JSON.stringify(text)} as ${pgtype}, naming the column`, () => {
      const result = Result.try({ try: () => PgTypes.fromText(pgtype, "c")(text), catch: (error) => error })
      const error = Result.isFailure(result) ? result.failure : undefined
      assert.instanceOf(error, PgTypeError)
      assert.include(String(error), '"c"')
    })
  }

  it("reads bytea in its older escape form", () => {
    assert.deepStrictEqual(PgTypes.fromText("bytea")("a\\\\\\001\\377"), Uint8Array.of(97, 92, 1, 255))
  })

  it.effect("schemas of rows go on from the decoded values", () =>
    Effect.gen(function* () {
      const Row = Schema.Struct({
        id: Schema.BigInt,
        price: Schema.BigDecimalFromString,
        at: Schema.DateTimeUtc,
        the_geom: GeometryAsGeoJson
      })
      const geoJson = { type: "Point", coordinates: [1, 2] } as const
      const row = yield* Schema.decodeUnknownEffect(Row)({
        id: 1n,
        price: "1.10",
        at: utc("2020-01-31T00:00:00Z"),
        the_geom: Result.getOrThrow(Geometry.fromGeoJson(geoJson))
      })
      assert.isTrue(BigDecimal.equals(row.price, BigDecimal.fromStringUnsafe("1.1")))
      assert.deepStrictEqual(row.the_geom, geoJson)
    })
  )
})
