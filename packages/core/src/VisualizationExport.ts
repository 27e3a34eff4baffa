/** The export of a map as the server tells it, and what its states mean (platform reference, §11). */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { CartoError, ExportError } from "./CartoError.ts"
import { Timestamp } from "./internal/timestamp.ts"

export const VisualizationExportId = Schema.NonEmptyString.pipe(Schema.brand("carto/VisualizationExportId"))
export type VisualizationExportId = typeof VisualizationExportId.Type

/** `pending`, `exporting`, `uploading`, `complete`, `failure`. Other words decode too, and count as not over. */
export const VisualizationExportState = Schema.String
export type VisualizationExportState = typeof VisualizationExportState.Type

export const VisualizationExport = Schema.Struct({
  id: VisualizationExportId,
  visualization_id: Schema.String,
  /** `null` when the server took the request as anonymous: then everybody who has the id may read the export. */
  user_id: Schema.optionalKey(Schema.NullOr(Schema.String)),
  state: VisualizationExportState,
  /** Of the file, when it is complete: relative, or that of a storage with a permission that expires. */
  url: Schema.optionalKey(Schema.NullOr(Schema.String)),
  created_at: Schema.optionalKey(Timestamp),
  updated_at: Schema.optionalKey(Timestamp)
})
export type VisualizationExport = typeof VisualizationExport.Type

/** Whether nothing of the export is still to happen. */
export const isOver = ({ state }: VisualizationExport): boolean => state === "complete" || state === "failure"

/** An export that is over is a success when it is complete. */
export const outcome = (
  operation: string,
  value: VisualizationExport
): Result.Result<VisualizationExport, CartoError> =>
  value.state === "complete"
    ? Result.succeed(value)
    : Result.fail(
        new CartoError({
          operation,
          reason: new ExportError({
            exportId: value.id,
            exportState: value.state,
            message: value.state === "failure" ? "the map could not be exported" : `the export is ${value.state}`
          })
        })
      )
