import { gzipSync } from "node:zlib"
import { NodeFileSystem } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Stream } from "effect"
import { Tar, Zip } from "effect/encoding"
import { Emulator } from "../src/Emulator.ts"
import { convert } from "../src/formats/gdal.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { send } from "./http.ts"
import { columnsOf, rows, upload } from "./importing.ts"

const layer = Layer.mergeAll(Emulator.layer().pipe(Layer.provideMerge(PgliteDatabase.layer())), NodeFileSystem.layer)

const texts = (sql: string) => Effect.map(rows(sql), (all) => all.map((row) => Object.values(row).join("|")))

/** What the SQL API makes of two rows. */
const exported = Effect.fnUntraced(function* (format: string, filename = "places") {
  const { url } = yield* Emulator
  const q = `select n as cartodb_id, 'é' || n as name, n * 1.5::float8 as ratio, ST_SetSRID(ST_MakePoint(n, 2), 4326) as the_geom from generate_series(1, 2) n`
  const response = yield* send(`${url}/api/v2/sql?${new URLSearchParams({ q, format, filename })}`)
  assert.strictEqual(response.status, 200)
  return response.body
})

const zipped = (files: Readonly<Record<string, string | Uint8Array>>) =>
  Stream.fromIterable(Object.entries(files).map(([name, content]) => Zip.file(name, content))).pipe(
    Stream.pipeThroughChannel(Zip.encode()),
    Stream.runCollect,
    Effect.map((pieces) => Buffer.concat(pieces))
  )

const tarred = (files: Readonly<Record<string, string>>) =>
  Stream.fromIterable(Object.entries(files).map(([name, content]) => Tar.file(name, content))).pipe(
    Stream.pipeThroughChannel(Tar.encode()),
    Stream.runCollect,
    Effect.map((pieces) => Buffer.concat(pieces))
  )

/** A CSV as GDAL writes it in another format. */
const converted = Effect.fnUntraced(function* (csv: string, driver: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const folder = yield* fileSystem.makeTempDirectoryScoped()
  yield* fileSystem.writeFileString(`${folder}/sheet.csv`, csv)
  const [file] = yield* convert({ input: `${folder}/sheet.csv`, output: "sheet", options: ["-f", driver] })
  return file?.bytes ?? new Uint8Array()
})

const points = ["POINT(1 2)|é1", "POINT(2 2)|é2"]

it.layer(layer, { timeout: "3 minutes", excludeTestServices: true })("Imports of other formats", (it) => {
  it.effect("GeoJSON keeps its types, its geometries and properties that only some features have", () =>
    Effect.gen(function* () {
      const done = yield* upload(
        "Places.geojson",
        JSON.stringify({
          type: "FeatureCollection",
          features: [
            {
              type: "Feature",
              properties: { name: "é\t1", zip: "00501", n: 1, big: 5e9, ok: true, day: "2020-01-01" },
              geometry: { type: "Point", coordinates: [1, 2, 3] }
            },
            { type: "Feature", properties: { n: 1.5, tags: ["a"] }, geometry: null }
          ]
        })
      )
      assert.deepInclude(done, { state: "complete", table_name: "places" })
      assert.deepStrictEqual(yield* columnsOf("places"), [
        "name text",
        "zip text",
        "n double precision",
        "big bigint",
        "ok boolean",
        "day date",
        "tags text"
      ])
      assert.deepStrictEqual(yield* texts("select ST_AsEWKT(the_geom), name, zip, n, big, ok, day, tags from places"), [
        "SRID=4326;POINT(1 2)|é\t1|00501|1|5000000000|t|2020-01-01|",
        '|||1.5||||["a"]'
      ])
    })
  )

  it.effect("one feature, one geometry and a plain list are read, other JSON is not", () =>
    Effect.gen(function* () {
      yield* upload(
        "one.json",
        '{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[1,2]}}'
      )
      assert.deepStrictEqual(yield* texts("select ST_AsText(the_geom), a from one"), ["POINT(1 2)|1"])
      yield* upload("bare.geojson", '{"type":"LineString","coordinates":[[1,2],[3,4]]}')
      assert.deepStrictEqual(yield* texts("select ST_AsText(the_geom) from bare"), ["LINESTRING(1 2,3 4)"])
      yield* upload("list.json", '[{"lat":1,"lon":2},{"lat":null}]')
      assert.deepStrictEqual(yield* texts("select ST_AsText(the_geom) from list"), ["POINT(2 1)", ""])
      for (const [content, code] of [
        ['{"a":1}', 3007],
        ['{"type":"FeatureCollection","features":[{"type":"Feature"', 3007],
        ['{"type":"FeatureCollection","features":[]}', 1005],
        ['{"type":"GeometryCollection","geometries":[]}', 3201],
        ['{"type":"Blob","coordinates":[1,2]}', 2014]
      ] as const) {
        assert.deepInclude(yield* upload("bad.geojson", content), { state: "failure", error_code: code }, content)
      }
    })
  )

  it.effect("shapefiles, GeoPackages and KML come back as they went", () =>
    Effect.gen(function* () {
      for (const [format, name] of [
        ["shp", "shapes.zip"],
        ["gpkg", "places_gpkg.gpkg"],
        ["kml", "places_kml.kml"]
      ] as const) {
        const done = yield* upload(name, yield* exported(format, `places_${format}`))
        assert.deepInclude(done, { state: "complete", table_name: `places_${format}` }, format)
        assert.deepStrictEqual(
          yield* texts(`select ST_AsText(the_geom), name from places_${format} order by 2`),
          points
        )
      }
      assert.deepStrictEqual(yield* columnsOf("places_shp"), ["name text", "ratio double precision"])
    })
  )

  it.effect("a shapefile needs its parts, and its texts may be old", () =>
    Effect.gen(function* () {
      const archive = yield* exported("shp", "old")
      const parts = yield* Stream.make(archive).pipe(
        Stream.pipeThroughChannel(Zip.decode()),
        Stream.mapEffect(({ body, header }) =>
          Effect.map(Stream.runCollect(body), (pieces) => [header.path, Buffer.concat(pieces)] as const)
        ),
        Stream.runCollect,
        Effect.map((all): Record<string, Buffer> => Object.fromEntries(all))
      )
      const without = (extension: string) =>
        zipped(Object.fromEntries(Object.entries(parts).filter(([name]) => !name.endsWith(extension))))
      assert.deepInclude(yield* upload("a.zip", yield* without(".prj")), { error_code: 3101 })
      assert.deepInclude(yield* upload("a.zip", yield* without(".dbf")), { error_code: 1006 })
      const dbf = parts["old.dbf"] ?? Buffer.of()
      const latin = Buffer.from(dbf.toString("latin1").replaceAll("Ã©1", "é1 ").replaceAll("Ã©2", "é2 "), "latin1")
      const { "old.cpg": _, ...rest } = parts
      yield* upload("a.zip", yield* zipped({ ...rest, "old.dbf": latin }))
      assert.deepStrictEqual(yield* texts("select name from old order by 1"), ["é1", "é2"])
    })
  )

  it.effect("each layer of a GPX file that has something in it becomes a dataset", () =>
    Effect.gen(function* () {
      const done = yield* upload(
        "ride.gpx",
        `<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="1" lon="2"><time>2020-01-01T00:00:00Z</time><name>start</name></wpt>
<trk><name>t</name><trkseg><trkpt lat="1" lon="2"/><trkpt lat="2" lon="3"/></trkseg></trk></gpx>`
      )
      assert.deepInclude(done, { state: "complete", tables_created_count: 3, table_name: "ride_track_points" })
      assert.deepStrictEqual(yield* texts('select ST_AsText(the_geom), "time" from ride_waypoints'), [
        "POINT(2 1)|2020-01-01 00:00:00+00"
      ])
      assert.deepStrictEqual(yield* texts("select ST_AsText(the_geom) from ride_tracks"), [
        "MULTILINESTRING((2 1,3 2))"
      ])
    })
  )

  it.effect("KMZ is named after itself, and a KML that is only a link is empty", () =>
    Effect.gen(function* () {
      yield* upload("Packed.kmz", yield* zipped({ "doc.kml": yield* exported("kml") }))
      assert.deepStrictEqual(yield* texts("select ST_AsText(the_geom), name from packed order by 2"), points)
      const link =
        '<kml xmlns="http://www.opengis.net/kml/2.2"><NetworkLink><Link><href>http://x</href></Link></NetworkLink></kml>'
      assert.deepInclude(yield* upload("link.kml", link), { error_code: 3202 })
      assert.deepInclude(yield* upload("broken.kml", "<kml"), { state: "failure", error_code: 2001 })
    })
  )

  it.effect("spreadsheets are read through the guesses for CSV", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const csv = "zip,latitude,longitude,name\n00501,1.5,2,x\n01002,2,3,y\n"
        for (const [driver, name] of [
          ["XLSX", "sheet.xlsx"],
          ["ODS", "table.ods"]
        ] as const) {
          const done = yield* upload(name, yield* converted(csv, driver))
          assert.deepInclude(done, { state: "complete" }, name)
          const table = String(done.table_name)
          assert.deepStrictEqual(yield* texts(`select ST_AsText(the_geom), zip, name from ${table} order by zip`), [
            "POINT(2 1.5)|501|x",
            "POINT(3 2)|1002|y"
          ])
        }
        assert.deepInclude(yield* upload("broken.xlsx", "no"), { state: "failure", error_code: 1004 })
      })
    )
  )

  it.effect("archives are taken apart, and no more than 26 tables made of one", () =>
    Effect.gen(function* () {
      const done = yield* upload(
        "two.zip",
        yield* zipped({
          "data/first.csv": "a\n1\n",
          "second.tsv": "b\tc\n1\t2\n",
          "README.md": "x",
          "__MACOSX/._x.csv": "?"
        })
      )
      assert.deepInclude(done, { state: "complete", tables_created_count: 2, table_name: "second", warnings: null })
      assert.deepStrictEqual(yield* texts("select a from first"), ["1"])
      assert.deepInclude(yield* upload("within.csv.gz", gzipSync("a\n1\n")), { table_name: "within" })
      const tar = yield* tarred({ "./x/third.csv": "a\n1\n" })
      assert.deepInclude(yield* upload("ball.tar", tar), { table_name: "third" })
      assert.deepInclude(yield* upload("ball.tar.gz", gzipSync(tar)), { table_name: "third_1" })
      const many = Object.fromEntries(Array.from({ length: 27 }, (_, n) => [`many${n}.csv`, "a\n1\n"]))
      const crowd = yield* upload("crowd.zip", yield* zipped(many), "?create_vis=true")
      assert.deepInclude(crowd, { state: "complete", tables_created_count: 26 })
      assert.deepInclude(crowd.warnings, { max_tables_per_import: 26, user_max_layers: 8 })
      for (const [name, content, code] of [
        ["broken.zip", "PK?", 1003],
        ["broken.csv.gz", "?", 1003],
        ["none.zip", yield* zipped({ "a.docx": "?" }), 1002]
      ] as const) {
        assert.deepInclude(yield* upload(name, content), { state: "failure", error_code: code }, name)
      }
    })
  )
})
