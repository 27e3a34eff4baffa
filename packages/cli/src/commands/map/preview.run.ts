/** The work of `carto map preview`. */
import { Maps } from "@effect-carto/core/Maps"
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import { Sql } from "@effect-carto/core/Sql"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { usage } from "../../CommandError.ts"
import { isFile, type PlaceholderValues } from "../../MapDefinition.ts"
import * as Output from "../../Output.ts"
import { openPage } from "../../openPage.ts"
import * as LiveMap from "../../preview/LiveMap.ts"
import { loadQuery, loadTarget } from "../../preview/load.ts"
import { serve } from "../../preview/serve.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

export interface PreviewInput {
  readonly target: Option.Option<string>
  readonly sql: Option.Option<string>
  readonly placeholders: PlaceholderValues
  readonly tokenFile: Option.Option<string>
  readonly port: number
  readonly open: boolean
}

const shape = Records.shape(["address"])

/** Prints the address, then serves until it is interrupted. */
export const run = Effect.fnUntraced(function* (input: PreviewInput) {
  const { sql, target } = input
  if (Option.isSome(sql) === Option.isSome(target)) {
    return yield* usage("A preview shows one map.", 'Give a FILE, a NAME, or --sql "select …".')
  }
  const load = Option.isSome(sql)
    ? loadQuery(sql.value)
    : loadTarget({ ...input, target: Option.getOrElse(target, () => "") })
  const file = Option.getOrUndefined(Option.filter(target, (name) => isFile(name) && name !== "-"))
  yield* withSession(
    Layer.mergeAll(Maps.layer(), NamedMaps.layer(), Sql.layer()),
    Effect.scoped(
      Effect.gen(function* () {
        const address = yield* serve(yield* LiveMap.make(load, file), input.port)
        yield* Records.told(shape, [address], { address })
        yield* Output.note(
          `Serving until Ctrl-C, to this machine only${file === undefined ? "" : `; the map follows ${file}`}.`
        )
        if (input.open && !(yield* openPage(address))) {
          yield* Output.note("No browser was opened; open the address by hand.")
        }
        return yield* Effect.never
      })
    )
  )
})
