/** The work of `carto dataset merge`. */
import type { CartoError } from "@effect-carto/core/CartoError"
import * as DatasetRows from "@effect-carto/core/DatasetRows"
import { Datasets } from "@effect-carto/core/Datasets"
import * as ImportSource from "@effect-carto/core/ImportSource"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as NodeImport from "@effect-carto/node/NodeImport"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { usage } from "../../CommandError.ts"
import { datasets } from "../../datasetServices.ts"
import { isUrl } from "../../isUrl.ts"
import { missingTable } from "../../missingTable.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"
import { fileSource, type Rows } from "./rowSource.ts"

export const run = Effect.fnUntraced(function* (input: {
  readonly newName: string
  readonly sources: ReadonlyArray<string>
}) {
  // What tells the types of columns: CSV does not, and is imported when nothing else does.
  const isTyped = input.sources.some((source) => !isFile(source))
  const rows = yield* Effect.forEach(input.sources, (source) => rowsOf(source, isTyped))
  yield* Records.changed(
    shape,
    withSession(
      datasets,
      Effect.map(
        Effect.mapError(
          Effect.flatMap(Datasets, ({ merge }) => merge(input.newName, rows)),
          missingTable
        ),
        record
      )
    ),
    ({ id, name }) => `merged ${rows.length} ${rows.length === 1 ? "source" : "sources"} into dataset ${name} (${id})`
  )
})

const extensions = "csv|tsv|txt|gz|zip|tgz|tar|bz2|geojson|json|kml|kmz|gpx|gpkg|xls|xlsx|ods|shp|sqlite|osm|carto|fgb"
const hasExtension = new RegExp(`\\.(${extensions})$`, "i")

/** A quoted name may end in whatever it likes. */
const isFile = (text: string): boolean =>
  !isUrl(text) && !text.startsWith('"') && (/[/\\]/.test(text) || hasExtension.test(text))

const rowsOf = Effect.fnUntraced(function* (source: string, isTyped: boolean) {
  if (source === "-") return yield* usage("Standard input cannot be merged.", "Write it to a file first.")
  if (isUrl(source)) return imported(ImportSource.url(source))
  if (!isFile(source)) return table(source)
  if (isTyped) return (yield* fileSource(source, Option.none(), () => Effect.void)).rows
  // Now, so that a wrong name sends nothing of the others.
  yield* NodeFile.inspect(source)
  return imported(NodeImport.file(source))
})

const imported = (source: ImportSource.ImportSource<CartoError>): Rows => DatasetRows.imported(source)
const table = (name: string): Rows => DatasetRows.table(name)
