/** The work of `carto map instantiate`. */
import { Maps } from "@effect-carto/core/Maps"
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { print } from "../../mapRecord.ts"
import { open, type TargetInput } from "../../OpenedMap.ts"
import { withSession } from "../../session.ts"

export interface InstantiateInput extends TargetInput {
  readonly tilejson: Option.Option<"mvt" | "png">
  readonly withSecret: boolean
}

export const run = (input: InstantiateInput) =>
  withSession(
    Layer.mergeAll(Maps.layer(), NamedMaps.layer()),
    Effect.flatMap(open(input), (map) =>
      print(map, { withSecret: input.withSecret, tilejson: Option.getOrUndefined(input.tilejson) })
    )
  )
