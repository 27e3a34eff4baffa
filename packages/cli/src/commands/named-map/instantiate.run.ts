/** The work of `carto named-map instantiate`. */
import { Maps } from "@effect-carto/core/Maps"
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { PlaceholderValues } from "../../MapDefinition.ts"
import { print } from "../../mapRecord.ts"
import { token } from "../../OpenedMap.ts"
import { withSession } from "../../session.ts"

export interface InstantiateInput {
  readonly name: string
  readonly placeholders: PlaceholderValues
  readonly tokenFile: Option.Option<string>
  readonly tilejson: Option.Option<"mvt" | "png">
  readonly withSecret: boolean
}

export const run = Effect.fnUntraced(function* (input: InstantiateInput) {
  const { name, placeholders, tilejson, tokenFile, withSecret } = input
  const authToken = yield* token({ target: name, tokenFile })
  yield* withSession(
    Layer.mergeAll(Maps.layer(), NamedMaps.layer()),
    Effect.gen(function* () {
      const { instantiate } = yield* NamedMaps
      const layergroup = yield* instantiate(name, { placeholders, authToken })
      yield* print({ name, layergroup, config: undefined }, { withSecret, tilejson: Option.getOrUndefined(tilejson) })
    })
  )
})
