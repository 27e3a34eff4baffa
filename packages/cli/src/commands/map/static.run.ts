/** The work of `carto map static`. */
import { Maps } from "@effect-carto/core/Maps"
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import type { StaticSize, StaticView } from "@effect-carto/core/StaticView"
import type { LayerFilter } from "@effect-carto/core/TileOptions"
import type { Bbox } from "@effect-carto/core/Tiles"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { usage } from "../../CommandError.ts"
import { isFile } from "../../MapDefinition.ts"
import { checkNew } from "../../newFile.ts"
import { open, type TargetInput, token } from "../../OpenedMap.ts"
import * as Output from "../../Output.ts"
import { withSession } from "../../session.ts"

export interface StaticInput extends TargetInput {
  readonly bbox: Option.Option<Bbox>
  readonly center: Option.Option<{ readonly lng: number; readonly lat: number }>
  readonly zoom: Option.Option<number>
  readonly size: StaticSize
  readonly layers: Option.Option<LayerFilter>
  readonly output: string
  readonly force: boolean
}

export const run = Effect.fnUntraced(function* (input: StaticInput) {
  const { output, size } = input
  const view = yield* viewOf(input)
  const stdio = yield* Stdio.Stdio
  if (output === "-" && (yield* stdio.stdoutIsTerminal)) {
    return yield* usage("A picture is not text and would garble the terminal.", "Name a file with --output.")
  }
  yield* checkNew(output, input.force)
  yield* withSession(
    Layer.mergeAll(Maps.layer(), NamedMaps.layer()),
    Effect.gen(function* () {
      const picture = view === undefined ? ownView(input) : drawn(input, view)
      const written = yield* Output.write(output, Stream.fromEffect(picture))
      if (output !== "-") {
        yield* Output.note(`wrote ${size.width}×${size.height} pixels to ${output} (${Output.summary(written)})`)
      }
    })
  )
})

const optionsOf = ({ layers, output }: StaticInput) => ({
  format: /\.jpe?g$/i.test(output) ? ("jpg" as const) : ("png" as const),
  layers: Option.getOrUndefined(layers)
})

const drawn = (input: StaticInput, view: StaticView) =>
  Effect.flatMap(open(input), ({ layergroup }) =>
    Effect.flatMap(Maps, ({ staticImage }) => staticImage(layergroup, view, input.size, optionsOf(input)))
  )

/** Straight of the template, whose view only the server knows. */
const ownView = Effect.fnUntraced(function* (input: StaticInput) {
  const { staticImage } = yield* NamedMaps
  return yield* staticImage(input.target, input.size, { ...optionsOf(input), authToken: yield* token(input) })
})

/** Undefined for the view of a named map. */
const viewOf = Effect.fnUntraced(function* ({ bbox, center, placeholders, target, zoom }: StaticInput) {
  if (Option.isSome(bbox)) {
    return Option.isSome(center) || Option.isSome(zoom)
      ? yield* usage(
          "--bbox shows all of a box, at the zoom level that fits.",
          "Give it alone, or --center and --zoom."
        )
      : { bbox: bbox.value }
  }
  if (Option.isSome(center) && Option.isSome(zoom)) return { center: center.value, zoom: zoom.value }
  if (Option.isSome(center) || Option.isSome(zoom)) {
    return yield* usage("--center and --zoom go together.", "Give both, or --bbox.")
  }
  if (isFile(target)) {
    return yield* usage("A map in a file does not say what to show.", "Give --bbox, or --center and --zoom.")
  }
  return Object.keys(placeholders).length === 0
    ? undefined
    : yield* usage(
        "The view of a named map goes with its defaults.",
        "Give --bbox, or --center and --zoom, with --set."
      )
})
