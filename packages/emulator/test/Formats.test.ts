import { assert, it } from "@effect/vitest"
import { Effect, Redacted, Stream } from "effect"
import { Zip } from "effect/encoding"
import { Emulator } from "../src/Emulator.ts"
import { json, send } from "./http.ts"

const query = Effect.fnUntraced(function* (format: string, q: string, more: Record<string, string> = {}) {
  const emulator = yield* Emulator
  const params = new URLSearchParams({ api_key: Redacted.value(emulator.masterKey), format, q, ...more })
  return yield* send(`${emulator.url}/api/v2/sql?${params}`)
})

const square = (x: number) => `ST_SetSRID(ST_MakeEnvelope(${x}, 0, ${x + 1}, 1), 4326)`

it.layer(Emulator.layerTest, { timeout: "2 minutes", excludeTestServices: true })("Formats", (it) => {
  it.effect("geojson rounds to dp and leaves the_geom_webmercator out", () =>
    Effect.gen(function* () {
      const q = "SELECT 1 AS a, ST_SetSRID(ST_MakePoint(1.23456789, 2), 4326) AS the_geom, 'x' AS the_geom_webmercator"
      const [feature] = json(yield* query("geojson", q, { dp: "3" })).features
      assert.deepStrictEqual(feature, {
        type: "Feature",
        geometry: { type: "Point", coordinates: [1.235, 2] },
        properties: { a: 1 }
      })
    })
  )

  it.effect("geojson skips columns and is wrapped for JSONP", () =>
    Effect.gen(function* () {
      const q = "SELECT 1 AS a, 2 AS b, NULL::geometry AS the_geom"
      const { text } = yield* query("geojson", q, { skipfields: "a", callback: "cb" })
      assert.match(text, /^cb\(\{.*"geometry":null,"properties":\{"b":2\}.*\}\)$/)
    })
  )

  it.effect("topojson shares borders, drops rows without geometry and is JSON", () =>
    Effect.gen(function* () {
      const q = `SELECT 'a' AS name, ${square(0)} AS the_geom UNION ALL SELECT 'b', ${square(1)} UNION ALL SELECT 'c', NULL`
      const topology = json(yield* query("topojson", q))
      assert.strictEqual(topology.type, "Topology")
      assert.deepStrictEqual(Object.keys(topology.objects), ["0", "1"])
      assert.deepStrictEqual(topology.objects[0].properties, { name: "a" })
      assert.strictEqual(topology.arcs.length, 3)
    })
  )

  it.effect("topojson of points alone is JSON, too", () =>
    Effect.gen(function* () {
      const topology = json(yield* query("topojson", "SELECT ST_SetSRID(ST_MakePoint(1, 2), 4326) AS the_geom"))
      assert.deepStrictEqual(topology.arcs, [])
    })
  )

  it.effect("svg draws areas and lines as paths", () =>
    Effect.gen(function* () {
      const q = `SELECT ${square(0)} AS the_geom UNION ALL SELECT ST_GeomFromText('LINESTRING(0 0, 1 1)', 4326)`
      const { headers, text } = yield* query("svg", q)
      assert.strictEqual(headers["content-type"], "image/svg+xml; charset=utf-8")
      assert.match(text, /<path d="M 0 768 L 768 0" \/>\n<path [^>]*d="M 0 768 [^"]*Z" \/>\n<\/svg>/)
    })
  )

  it.effect("an svg without rows has a frame", () =>
    Effect.gen(function* () {
      const { text } = yield* query("svg", "SELECT NULL::geometry AS the_geom WHERE false")
      assert.match(text, /<svg viewBox="-6 -6 1036 780"[^>]*>\n<\/svg>/)
    })
  )

  it.effect("csv quotes what needs it, and writes what a cast to text would", () =>
    Effect.gen(function* () {
      const q = `SELECT 'a,"b"' AS "x y", true AS t, 'c '::char(4) AS c, E'1\\n2' AS n, '' AS e, NULL AS z, 1.50 AS d, '2020-01-31 12:34:56.789'::timestamp AS ts`
      const { text } = yield* query("csv", q)
      assert.strictEqual(text, 'x y,t,c,n,e,z,d,ts\r\n"a,""b""",true,c,"1\n2",,,1.50,2020-01-31 12:34:56.789\r\n')
    })
  )

  it.effect("a csv that fails on its way is an error, not half a file", () =>
    Effect.gen(function* () {
      const response = yield* query("csv", "SELECT 1/(50000-i) FROM generate_series(1,100000) i")
      assert.deepStrictEqual([response.status, json(response)], [400, { error: ["division by zero"] }])
    })
  )

  it.effect("a csv of many rows is complete", () =>
    Effect.gen(function* () {
      const { text } = yield* query("csv", "SELECT i, 'name ' || i AS name FROM generate_series(1,100000) i")
      const lines = text.split("\r\n")
      assert.deepStrictEqual([lines.length, lines[0], lines[100_000]], [100_002, "i,name", "100000,name 100000"])
    })
  )

  it.effect("arraybuffer tells its length", () =>
    Effect.gen(function* () {
      const { body, headers } = yield* query("arraybuffer", "SELECT 1 AS a__int32 UNION ALL SELECT 2")
      assert.strictEqual(headers["content-length"], String(body.length))
      assert.deepStrictEqual([body.readInt32LE(body.length - 8), body.readInt32LE(body.length - 4)], [1, 2])
    })
  )

  const places = "SELECT 7 AS cartodb_id, 'ñandú' AS name, ST_SetSRID(ST_MakePoint(1.5, 2), 4326) AS the_geom"

  it.effect("shp is a zip of five files, and of two without geometry", () =>
    Effect.gen(function* () {
      const names = (body: Uint8Array) =>
        Stream.make(body).pipe(
          Stream.pipeThroughChannel(Zip.decode()),
          Stream.mapEffect((entry) => Effect.as(Stream.runDrain(entry.body), entry.header.path)),
          Stream.runCollect
        )
      const whole = yield* query("shp", places, { filename: "cities.zip" })
      assert.strictEqual(whole.headers["content-type"], "application/zip; charset=utf-8")
      assert.sameMembers(
        yield* names(whole.body),
        ["shp", "shx", "dbf", "prj", "cpg"].map((end) => `cities.${end}`)
      )
      const bare = yield* query("shp", "SELECT 1 AS a", { filename: "bare" })
      assert.sameMembers(yield* names(bare.body), ["bare.dbf", "bare.cpg"])
    })
  )

  it.effect("kml has a placemark for each row", () =>
    Effect.gen(function* () {
      const { text } = yield* query("kml", `${places} UNION ALL SELECT 8, 'nowhere', NULL`)
      assert.match(text, /<name>ñandú<\/name>[\s\S]*<coordinates>1\.5,2\.0<\/coordinates>[\s\S]*<name>nowhere<\/name>/)
    })
  )

  it.effect.each(["gpkg", "spatialite"])("%s is an SQLite file", (format) =>
    Effect.gen(function* () {
      const { body } = yield* query(format, places)
      assert.strictEqual(body.subarray(0, 15).toString(), "SQLite format 3")
    })
  )

  it.effect("the key of a gpkg is cartodb_id", () =>
    Effect.gen(function* () {
      const { body } = yield* query("gpkg", places, { filename: "cities" })
      assert.include(body.toString("latin1"), `CREATE TABLE "cities" ( "cartodb_id" INTEGER PRIMARY KEY`)
    })
  )

  it.effect("an export that fails on its way is an error, not half a file", () =>
    Effect.gen(function* () {
      const response = yield* query(
        "kml",
        "SELECT 1/(3-i) AS a, NULL::geometry AS the_geom FROM generate_series(1,5) i"
      )
      assert.deepStrictEqual([response.status, json(response)], [400, { error: ["division by zero"] }])
    })
  )
})
