/** The work of `carto named-map prune`. */
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { usage } from "../../CommandError.ts"
import { isFile, readTemplate } from "../../MapDefinition.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { Settings } from "../../Settings.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape(["name"])

export interface PruneInput {
  readonly keep: ReadonlyArray<string>
  readonly prefix: Option.Option<string>
  readonly yes: boolean
}

export const run = Effect.fnUntraced(function* ({ keep, prefix, yes }: PruneInput) {
  if (keep.length === 0 && Option.isNone(prefix)) {
    return yield* usage(
      "Without --keep and --prefix all named maps would go.",
      "Say which stay, or how those begin that go."
    )
  }
  const { dryRun } = yield* Settings
  const isOnlyTold = dryRun || !yes
  const kept = yield* Effect.forEach(keep, (one) =>
    isFile(one) ? Effect.map(readTemplate(one), ({ name }) => name) : Effect.succeed(one)
  )
  const gone = yield* withSession(
    NamedMaps.layer(),
    Effect.flatMap(NamedMaps, (namedMaps) =>
      namedMaps.prune(kept, { prefix: Option.getOrUndefined(prefix), dryRun: isOnlyTold })
    )
  )
  const names = [...gone].sort()
  const verb = isOnlyTold ? "would delete" : "deleted"
  yield* (yield* Records.isJson)
    ? Records.list(
        shape,
        Stream.map(Stream.fromIterable(names), (name) => ({ name }))
      )
    : Output.lines(names)
  const count = names.length === 0 ? "no named maps" : names.length === 1 ? "1 named map" : `${names.length} named maps`
  yield* Output.note(`${verb} ${count}${isOnlyTold && names.length > 0 ? "; --yes deletes" : ""}`)
})
