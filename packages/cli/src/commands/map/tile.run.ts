/** The work of `carto map tile`. */
import { Maps } from "@effect-carto/core/Maps"
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import type { LayerFilter, TileOptions } from "@effect-carto/core/TileOptions"
import * as Tiles from "@effect-carto/core/Tiles"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { type CommandError, usage } from "../../CommandError.ts"
import { checkNew } from "../../newFile.ts"
import { open, type TargetInput } from "../../OpenedMap.ts"
import * as Output from "../../Output.ts"
import { withSession } from "../../session.ts"

type Format = "mvt" | "png" | "png32" | "grid.json" | "torque.json" | "torque.png"

export interface TileInput extends TargetInput {
  readonly at: Tiles.Coordinates
  readonly format: Format
  readonly layers: Option.Option<LayerFilter>
  readonly output: string
  readonly force: boolean
}

export const run = Effect.fnUntraced(function* (input: TileInput) {
  const { at, format, output } = input
  const problem = Tiles.problemOfCoordinates(at)
  if (problem !== undefined) return yield* usage(`There is no such tile: ${problem}.`)
  const options = yield* tileOptions(input)
  const stdio = yield* Stdio.Stdio
  if (output === "-" && !format.endsWith("json") && (yield* stdio.stdoutIsTerminal)) {
    return yield* usage(`${format} is not text and would garble the terminal.`, "Name a file with --output.")
  }
  yield* checkNew(output, input.force)
  yield* withSession(
    Layer.mergeAll(Maps.layer(), NamedMaps.layer()),
    Effect.gen(function* () {
      const { layergroup } = yield* open(input)
      const { bytes, isEmpty } = yield* Effect.flatMap(Maps, ({ tile }) => tile(layergroup, at, options))
      const name = `tile ${at.z}/${at.x}/${at.y}`
      if (isEmpty) return yield* Output.note(`${name} is empty; nothing was written`)
      const written = yield* Output.write(output, Stream.make(bytes))
      if (output !== "-") yield* Output.note(`wrote ${name} to ${output} (${Output.summary(written)})`)
    })
  )
})

const tileOptions = (input: TileInput): Effect.Effect<TileOptions, CommandError> => {
  const { format } = input
  const layers = Option.getOrUndefined(input.layers)
  if (format === "mvt" || format === "png" || format === "png32") return Effect.succeed({ format, layers })
  return typeof layers === "number" || typeof layers === "string"
    ? Effect.succeed({ format, layers })
    : Effect.fail(usage(`${format} is of one layer.`, "Name it with --layers, by its index or its id."))
}
