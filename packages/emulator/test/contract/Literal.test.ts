/** Values go through SQL text into PostgreSQL with PostGIS, and come back unchanged, by JSON and by COPY. */
import { assert, it } from "@effect/vitest"
import { type GeoJson, Geometry, Sql } from "@effect-carto/core"
import { Effect, Result, Schema, Stream } from "effect"
import { SqlClient, SqlResolver } from "effect/sql"
import { layer } from "./layer.ts"

const Position = Schema.Tuple([Schema.Finite, Schema.Finite])
const Ring = Schema.Tuple([Position, Position, Position])
const closed = ([a, b, c]: typeof Ring.Type) => [a, b, c, a]

const Shapes = Schema.NonEmptyArray(
  Schema.Union([
    Schema.Struct({ type: Schema.Literal("Point"), coordinates: Position }),
    Schema.Struct({ type: Schema.Literal("LineString"), coordinates: Ring }),
    Schema.Struct({ type: Schema.Literal("MultiPoint"), coordinates: Ring }),
    Schema.Struct({ type: Schema.Literal("Polygon"), coordinates: Schema.Tuple([Ring]) })
  ])
)

const geometryOf = (shape: (typeof Shapes.Type)[number]): GeoJson.Geometry =>
  shape.type === "Polygon" ? { type: "Polygon", coordinates: shape.coordinates.map(closed) } : shape

// PostGIS keeps -0 as it is in EWKB, and GeoJSON text does not.
const positive = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(positive) : Object.is(value, -0) ? 0 : value

const Row = Schema.Struct({ i: Schema.Int, g: Geometry })

it.layer(layer, { timeout: "120 seconds", excludeTestServices: true })("geometry literals", (it) => {
  it.effect.prop(
    "come back with the coordinates and SRID they had",
    { shapes: Shapes },
    Effect.fnUntraced(function* ({ shapes }) {
      const sql = yield* Sql
      const client = yield* SqlClient.SqlClient
      const wanted = shapes.map(geometryOf)
      const values = wanted.map((geometry, i) => ({
        i,
        g: i % 2 === 0 ? geometry : Result.getOrThrow(Geometry.fromGeoJson(geometry))
      }))
      const rows = client.csv(values.map(({ g, i }) => client`(${i}, ${g})`))
      const query = client`select i, g::geometry as g from (values ${rows}) as v(i, g) order by i`
      const asked = (yield* sql.query(Row)(query)).rows
      const streamed = yield* sql.stream(Row)(query).pipe(Stream.runCollect)
      assert.deepStrictEqual(
        asked.map(({ g }) => g.hex),
        streamed.map(({ g }) => g.hex)
      )
      for (const [i, { g }] of asked.entries()) {
        const decoded = Result.getOrThrow(g.decoded)
        assert.strictEqual(decoded.srid, 4326)
        assert.deepStrictEqual(
          positive(Object.values(Result.getOrThrow(g.geoJson))),
          positive(Object.values(wanted[i] ?? {}))
        )
      }
    }),
    { arbitrary: { runs: 150 }, timeout: 120_000 }
  )

  it.effect("SqlResolver batches requests into one statement", () =>
    Effect.gen(function* () {
      const client = yield* SqlClient.SqlClient
      let statements = 0
      const Square = SqlResolver.ordered({
        Request: Schema.Int,
        Result: Schema.Struct({ n: Schema.Int, square: Schema.Int }),
        execute: (numbers) => {
          statements++
          return client`select n, n * n as square from unnest(${numbers}::int4[]) with ordinality as t(n, at) order by at`
        }
      })
      const squares = yield* Effect.forEach([3, 1, 2], (n) => SqlResolver.request(n, Square), {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(
        squares.map(({ square }) => square),
        [9, 1, 4]
      )
      assert.strictEqual(statements, 1)
    })
  )
})
