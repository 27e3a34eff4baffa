/** Which tables a file makes, and how each of them is staged. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type { Database } from "../Database.ts"
import type { ImportOptions } from "./Asked.ts"
import { stageCsv } from "./csv/stageCsv.ts"
import { type ImportFile, kindOf, stem } from "./File.ts"
import { failure, type ImportFailure } from "./failures.ts"
import { layerLoaders, sheetLoaders } from "./gdal/gdalLoaders.ts"
import { stageGeoJson } from "./geojson/stageGeoJson.ts"
import type { Staged } from "./Staged.ts"
import type { Workspace } from "./Workspace.ts"

/** A table to be. */
export interface Loader {
  /** What it wants to be called. */
  readonly name: string
  /** Fills the staged table of this name. */
  readonly stage: (relation: string) => Effect.Effect<Staged, ImportFailure, Database | FileSystem.FileSystem>
}

/** Fails with 1002 for a file of which no table can be made. */
export const loadersOf = Effect.fnUntraced(function* (file: ImportFile, workspace: Workspace, options: ImportOptions) {
  const name = stem(file.name)
  const { path } = file
  const alone = (stage: Loader["stage"]): ReadonlyArray<Loader> => [{ name, stage }]
  switch (kindOf(file.name)) {
    case "csv":
      return alone((relation) => stageCsv({ path, name, relation, import: options }))
    case "geojson":
      return alone((relation) => stageGeoJson({ path, name, relation }))
    case "ogr":
      return yield* layerLoaders(file, workspace)
    case "spreadsheet":
      return yield* sheetLoaders(file, workspace, options)
    default:
      return yield* failure(1002)
  }
})
