/** The work of `carto visualization export`. */

import * as VisualizationExport from "@effect-carto/core/VisualizationExport"
import { VisualizationExports } from "@effect-carto/core/VisualizationExports"
import { Visualizations } from "@effect-carto/core/Visualizations"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { plainName } from "../../fileName.ts"
import * as Quantity from "../../format/Quantity.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape(["file", "bytes", "map", "map_id", "export_id"])

export const run = (input: { readonly idOrName: string; readonly output: Option.Option<string> }) =>
  Records.changed(
    shape,
    withSession(
      Layer.mergeAll(VisualizationExports.layer(), Visualizations.layer()),
      Effect.gen(function* () {
        const map = yield* Effect.flatMap(Visualizations, ({ get }) => get(input.idOrName))
        const exports = yield* VisualizationExports
        const { id } = yield* exports.create(map.id)
        const last = yield* exports.watch(id).pipe(
          Stream.tap(({ elapsed, value }) =>
            Output.note(`export ${id} ${value.state} (${Quantity.duration(elapsed)})`)
          ),
          Stream.runLast
        )
        if (Option.isSome(last)) {
          yield* Effect.fromResult(VisualizationExport.outcome("VisualizationExports.wait", last.value.value))
        }
        const file = Option.getOrElse(input.output, () => `${plainName(map.name)}.carto`)
        const written = yield* Output.write(file, exports.download(id))
        return {
          file,
          bytes: written.bytes,
          map: map.name,
          map_id: map.id,
          export_id: id,
          summary: Output.summary(written)
        }
      })
    ),
    ({ file, map, summary }) => `wrote map ${map} to ${file} (${summary})`
  )
