/** The work of `carto synchronization check`. */
import * as Synchronization from "@effect-carto/core/Synchronization"
import { Synchronizations } from "@effect-carto/core/Synchronizations"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { failure } from "../../CommandError.ts"
import * as Quantity from "../../format/Quantity.ts"
import type { RowFormat } from "../../format/rowFormats.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { find } from "./find.ts"

const shape = Records.shape(
  ["synchronization", "name", "health", "problem", "advice", "code", "retries_left", "run_at", "id"],
  ["synchronization", "health", "problem"]
)

export interface CheckInput {
  readonly names: ReadonlyArray<string>
  readonly patience: Option.Option<Duration.Duration>
  readonly format: Option.Option<RowFormat>
}

export const run = Effect.fnUntraced(function* (input: CheckInput) {
  const now = yield* DateTime.now
  const found = yield* withSession(
    Synchronizations.layer(),
    input.names.length === 0
      ? Effect.flatMap(Synchronizations, ({ list }) => list)
      : Effect.forEach(input.names, find, { concurrency: 4 })
  )
  const patience = Option.getOrUndefined(input.patience)
  const checked = found.map((value) => describe(value, Synchronization.check(value, now, { patience })))
  yield* Records.list(shape, Stream.fromIterable(checked), input.format)
  const ill = checked.filter(({ health }) => health !== "healthy")
  // A table cuts long texts off.
  for (const { advice, problem, synchronization } of ill) {
    yield* Output.note(`${synchronization}: ${problem}`)
    yield* Output.note(`${synchronization}: hint: ${advice}`)
  }
  if (ill.length === 0) return
  const all = checked.length === 1 ? "1 synchronization needs" : `${checked.length} synchronizations need`
  return yield* failure(`${ill.length} of ${all} attention.`)
})

const describe = (value: Synchronization.Synchronization, health: Synchronization.Health) => {
  // There is no name before the first success.
  const synchronization = value.name ?? value.url ?? value.id
  const common = { synchronization, name: value.name, run_at: value.run_at, id: value.id }
  switch (health._tag) {
    case "Healthy":
      return { ...common, health: "healthy", problem: undefined, advice: undefined }
    case "Failing":
      return {
        ...common,
        health: "failing",
        problem: health.title,
        advice: health.remedy,
        code: health.code,
        retries_left: health.retriesLeft
      }
    case "Stale":
      return {
        ...common,
        health: "stale",
        problem: `its run is overdue by ${Quantity.duration(health.overdue)}`,
        advice: "Run it now, or tell the operator of the server."
      }
  }
}
