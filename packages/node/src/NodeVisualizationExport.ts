/** Exports of maps as files. */
import type { CartoError } from "@effect-carto/core/CartoError"
import type { VisualizationExportId } from "@effect-carto/core/VisualizationExport"
import { VisualizationExports } from "@effect-carto/core/VisualizationExports"
import * as Effect from "effect/Effect"
import * as NodeFile from "./NodeFile.ts"

/**
 * Downloads the file of an export that is complete. It is whole or not there: an old file is replaced only after the
 * last byte has come; `NodeFile.writeAtomic` says how.
 */
export const toFile = Effect.fn("NodeVisualizationExport.toFile")(function* (
  id: VisualizationExportId,
  path: string
): Effect.fn.Return<{ readonly bytes: number }, CartoError, VisualizationExports> {
  const exports = yield* VisualizationExports
  return yield* NodeFile.writeAtomic(path, exports.download(id))
})
