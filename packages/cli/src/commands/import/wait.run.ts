/** The work of `carto import wait`. */
import * as Import from "@effect-carto/core/Import"
import { Imports } from "@effect-carto/core/Imports"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Quantity from "../../format/Quantity.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { known } from "./known.ts"

const shape = Records.shape(["datasets", "map", "warnings", "id"])

export const run = Effect.fnUntraced(function* (input: { readonly id: string }) {
  const id = Import.ImportId.make(input.id)
  const outcome = yield* withSession(
    Imports.layer(),
    Effect.gen(function* () {
      const imports = yield* Imports
      yield* Stream.runForEach(imports.watch(id), ({ elapsed, value }) =>
        Output.note(`import ${id} ${value.state} (${Quantity.duration(elapsed)})`)
      )
      return yield* imports.wait(id)
    }).pipe(
      // The server cannot stop it.
      Effect.onInterrupt(() => Output.note(`the import goes on; carto import wait ${id} waits for it again`)),
      known(id)
    )
  )
  const datasets = outcome.datasets.map(({ name }) => name)
  const warnings = Import.warnings(outcome.import)
  for (const warning of warnings) yield* Output.note(`warning: ${warning}`)
  if (outcome._tag === "Skipped") yield* Output.note("All of it was skipped: datasets of these names exist.")
  const map = outcome._tag === "Skipped" ? undefined : outcome.map_visualization_id
  yield* Records.told(shape, datasets, { datasets, map, warnings, id })
})
