/** Files that GDAL reads: shapefiles, KML, GPX, GeoPackages, spreadsheets. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"
import type { ImportOptions } from "../Asked.ts"
import { stageCsv } from "../csv/stageCsv.ts"
import { extension, type ImportFile, stem } from "../File.ts"
import { failure } from "../failures.ts"
import type { Loader } from "../loaders.ts"
import type { Workspace } from "../Workspace.ts"
import { readLayers } from "./readLayers.ts"
import { stageDump } from "./stageDump.ts"

/** The most layers of one file. */
const maxLayers = 50

const sibling = (file: ImportFile, ending: string): string => file.path.replace(/\.[^./]*$/, `.${ending}`)

/** The parts of a shapefile may be named in capitals, too. */
const hasPart = Effect.fnUntraced(function* (file: ImportFile, ending: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const found = yield* Effect.forEach([ending, ending.toUpperCase()], (one) => fileSystem.exists(sibling(file, one)))
  return found.includes(true)
}, Effect.orDie)

const checkShapefile = Effect.fnUntraced(function* (file: ImportFile) {
  if (!(yield* hasPart(file, "shx")) || !(yield* hasPart(file, "dbf"))) return yield* failure(1006)
  if (!(yield* hasPart(file, "prj"))) return yield* failure(3101)
})

/** A KML may be nothing but the address of another one. */
const checkKml = Effect.fnUntraced(function* (file: ImportFile) {
  const fileSystem = yield* FileSystem.FileSystem
  const text = yield* fileSystem.stream(file.path).pipe(Stream.decodeText, Stream.mkString, Effect.orDie)
  if (/<NetworkLink/.test(text) && !/<Placemark/.test(text)) return yield* failure(3202)
})

const failureCodes: Readonly<Record<string, number>> = { shp: 1006, xls: 1004, xlsx: 1004, ods: 1004 }

// GDAL opens what stands in a folder under its right name.
const named = Effect.fnUntraced(function* (file: ImportFile, workspace: Workspace) {
  const fileSystem = yield* FileSystem.FileSystem
  if (file.path.endsWith(`/${file.name}`)) return file.path
  const path = `${yield* workspace.folder}/import.${extension(file.name)}`
  yield* Effect.orDie(fileSystem.link(file.path, path))
  return path
})

const layersOf = Effect.fnUntraced(function* (file: ImportFile, workspace: Workspace, as: "dump" | "csv") {
  const input = yield* named(file, workspace)
  const output = yield* workspace.folder
  const layers = yield* readLayers({ input, output, as }, failureCodes[extension(file.name)] ?? 2001)
  return yield* layers.length === 0 ? Effect.fail(failure(1005)) : Effect.succeed(layers)
})

/** A table for each layer that has something in it. */
export const layerLoaders = Effect.fnUntraced(function* (file: ImportFile, workspace: Workspace) {
  if (extension(file.name) === "shp") yield* checkShapefile(file)
  if (extension(file.name) === "kml") yield* checkKml(file)
  const layers = yield* layersOf(file, workspace, "dump")
  if (layers.length > maxLayers) return yield* failure(1019)
  const base = stem(file.name)
  return layers.map(({ name: layer, path }): Loader => {
    const name = layers.length === 1 ? base : `${base}_${layer}`
    return { name, stage: (relation) => stageDump({ path, name, relation }) }
  })
})

/** Of a spreadsheet only the first sheet is read, by way of CSV. */
export const sheetLoaders = Effect.fnUntraced(function* (
  file: ImportFile,
  workspace: Workspace,
  options: ImportOptions
) {
  const [sheet] = yield* layersOf(file, workspace, "csv")
  const name = stem(file.name)
  return sheet === undefined
    ? []
    : [{ name, stage: (relation) => stageCsv({ path: sheet.path, name, relation, import: options }) } satisfies Loader]
})
