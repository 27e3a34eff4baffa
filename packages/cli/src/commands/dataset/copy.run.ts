/** The work of `carto dataset copy`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as Literal from "@effect-carto/core/Literal"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { anotherName } from "../../anotherName.ts"
import { usage } from "../../CommandError.ts"
import { ofProfile } from "../../Credentials.ts"
import { datasets } from "../../datasetServices.ts"
import * as Quantity from "../../format/Quantity.ts"
import * as Progress from "../../Progress.ts"
import * as Records from "../../Records.ts"
import { withAccount, withSession } from "../../session.ts"
import { found } from "./found.ts"
import { record, shape } from "./record.ts"

export interface CopyInput {
  readonly idOrName: string
  readonly newName: Option.Option<string>
  readonly to: Option.Option<string>
}

export const run = Effect.fnUntraced(function* ({ idOrName, newName, to }: CopyInput) {
  if (Option.isSome(to)) return yield* copiedTo(idOrName, newName, to.value)
  if (Option.isNone(newName)) return yield* usage("The copy needs a name.", "Give NEW-NAME, or --to another account.")
  yield* Records.changed(
    shape,
    withSession(
      datasets,
      Effect.map(found(idOrName)(Effect.flatMap(Datasets, ({ copy }) => copy(idOrName, newName.value))), record)
    ),
    ({ id, name }) => `copied ${idOrName} to dataset ${name} (${id})${anotherName(newName.value, name)}`
  )
})

/** Both accounts are open at once: what one sends, the other takes. */
const copiedTo = (idOrName: string, newName: Option.Option<string>, profile: string) => {
  let bytes = 0
  return Records.changed(
    shape,
    Effect.scoped(
      Effect.gen(function* () {
        // Before anything is asked of the one account, the other one is known.
        const account = yield* ofProfile(profile)
        const report = yield* Progress.make({ isShown: false })
        const copying = Effect.gen(function* () {
          const dump = yield* found(idOrName)(Effect.flatMap(Datasets, (datasets) => datasets.dump(idOrName)))
          const rows = Stream.suspend(() => {
            bytes = 0
            return Stream.tap(dump.rows, (chunk) => {
              bytes += chunk.length
              return report({ bytes })
            })
          })
          const name = Option.getOrElse(newName, () => Literal.identifier(dump.dataset.name))
          const restored = Effect.flatMap(Datasets, ({ restore }) => restore(name, { ...dump, rows }))
          return yield* withAccount(account, datasets, restored)
        })
        return record(yield* withSession(datasets, copying))
      })
    ),
    ({ id, name }) => `copied ${idOrName} to dataset ${name} of ${profile} (${id}, ${Quantity.bytes(bytes)})`
  )
}
