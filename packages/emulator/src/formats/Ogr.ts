/** The formats that GDAL makes: shapefile, KML, GeoPackage, SQLite. */
import * as Effect from "effect/Effect"
import * as Zip from "effect/encoding/Zip"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"
import { asSubquery } from "../SqlText.ts"
import { encodeText, type Format, type FormatOptions, type TextWriter } from "./Format.ts"
import { features } from "./GeoJson.ts"
import { convert } from "./gdal.ts"
import type { GdalFile } from "./gdalWorker.ts"

// GeoJSON carries names, types and geometries to GDAL. A query without the_geom is a table without geometry.
const statement = (sql: string): string =>
  `SELECT cdbq.*, to_jsonb(cdbq)->'the_geom' AS the_geom FROM (${asSubquery(sql)}) AS cdbq`

const makeWriter = (options: FormatOptions, onGeometry: (hasGeometry: boolean) => void): TextWriter => {
  const rows = features(options)
  let separator = `{"type":"FeatureCollection","features":[\n`
  return {
    write: (message) => {
      if (message._tag === "RowDescription") {
        rows.describe(message.fields)
        onGeometry(message.fields.slice(0, -1).some(({ name }) => name === "the_geom"))
      }
      if (message._tag !== "DataRow") return ""
      const text = separator + rows.toJson(message.cells)
      separator = ",\n"
      return text
    },
    end: () => `${separator.startsWith("{") ? separator : "\n"}]}`
  }
}

interface Driver {
  readonly extension: string
  readonly contentType: string
  readonly options: ReadonlyArray<string>
  /** Whether the files are sent as one archive. */
  readonly zipped: boolean
}

const bytesOf = (files: ReadonlyArray<GdalFile>, zipped: boolean): Stream.Stream<Uint8Array> =>
  zipped
    ? Stream.fromIterable(files.map(({ bytes, name }) => Zip.file(name, bytes))).pipe(
        Stream.pipeThroughChannel(Zip.encode()),
        Stream.orDie
      )
    : Stream.fromIterable(files.map(({ bytes }) => bytes))

const make = ({ contentType, extension, options, zipped }: Driver): Format => ({
  extension,
  contentType,
  jsonp: false,
  whole: false,
  statement,
  encode: (messages, formatOptions) =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const folder = yield* Effect.orDie(fileSystem.makeTempDirectoryScoped({ prefix: "carto-emulator-" }))
      const input = `${folder}/${formatOptions.filename}.geojson`
      const file = yield* Effect.orDie(fileSystem.open(input, { flag: "w" }))
      let hasGeometry = false
      const geoJson = encodeText(messages, () =>
        makeWriter(formatOptions, (found) => {
          hasGeometry = found
        })
      )
      yield* Stream.runForEach(geoJson, (piece) => Effect.orDie(file.writeAll(piece)))
      const geometry = hasGeometry ? [] : ["-nlt", "NONE"]
      const files = yield* convert({
        input,
        output: formatOptions.filename,
        options: [...options, ...geometry, "-nln", formatOptions.filename]
      })
      return bytesOf(files, zipped)
    }).pipe(Stream.unwrap)
})

/** `.shp .shx .dbf .prj .cpg` in a zip; without geometry `.dbf` and `.cpg`. */
export const Shp = make({
  extension: "zip",
  contentType: "application/zip; charset=utf-8",
  options: ["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"],
  zipped: true
})

export const Kml = make({
  extension: "kml",
  contentType: "application/kml; charset=utf-8",
  options: ["-f", "KML"],
  zipped: false
})

/** Its key column is `cartodb_id`. */
export const Gpkg = make({
  extension: "gpkg",
  contentType: "application/x-sqlite3; charset=utf-8",
  options: ["-f", "GPKG", "-lco", "FID=cartodb_id"],
  zipped: false
})

/** SQLite with geometries as OGR writes them: not SpatiaLite, whatever its name says. */
export const Spatialite = make({
  extension: "sqlite",
  contentType: "application/x-sqlite3; charset=utf-8",
  options: ["-f", "SQLite"],
  zipped: false
})
