/** What replace, append and upsert have in common: progress, counts, and the plan in place of the deed. */

import type { CartoError } from "@effect-carto/core/CartoError"
import type { Loaded, PlanOptions } from "@effect-carto/core/DatasetLoad"
import { Datasets } from "@effect-carto/core/Datasets"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type CommandError, failure, usage } from "../../CommandError.ts"
import { datasets } from "../../datasetServices.ts"
import * as Quantity from "../../format/Quantity.ts"
import { missingTable } from "../../missingTable.ts"
import * as Output from "../../Output.ts"
import * as Progress from "../../Progress.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { type RowInput, type Rows, rowSource } from "./rowSource.ts"

export interface LoadInput extends RowInput {
  readonly name: string
  readonly plan: boolean
  readonly count: boolean
}

export interface Load {
  readonly mode: "replace" | "append" | "upsert"
  readonly plan: PlanOptions
  readonly send: (rows: Rows) => Effect.Effect<Loaded, CartoError | CommandError, Datasets>
  readonly told: (rows: string) => string
}

const shape = Records.shape(["dataset", "mode", "rows", "before", "after", "bytes", "seconds"])
const step = Records.shape(["purpose", "sql"])

export const load = (input: LoadInput, work: Load) => (input.plan ? planned(input, work) : sent(input, work))

/** The library speaks of its options. */
const inFlags = (error: CartoError | CommandError): CartoError | CommandError => {
  if (error._tag !== "CartoError" || error.advice === undefined) return error
  const advice = error.advice
    .replace("in allowMissing to lose them", "with --allow-missing to lose them")
    .replace("Set allowEmpty to", "Say --allow-empty to")
    .replace(/`columns`/, "a header")
  if (advice === error.advice) return missingTable(error)
  const told = error.reason._tag === "SqlError" ? failure : usage
  return told(
    error.reason.message.replace(/^./, (letter) => letter.toUpperCase()),
    advice
  )
}

const planned = Effect.fnUntraced(function* (input: LoadInput, work: Load) {
  const { rows } = yield* rowSource(input, () => Effect.void)
  const steps = yield* withSession(
    datasets,
    Effect.mapError(
      Effect.flatMap(Datasets, ({ plan }) => plan(input.name, rows, work.plan)),
      inFlags
    )
  )
  yield* (yield* Records.isJson)
    ? Records.list(step, Stream.fromIterable(steps))
    : Output.lines(steps.map(({ purpose, sql }, index) => `-- ${index + 1}. ${purpose}\n${sql.trimEnd()};\n`))
  yield* Output.note("Nothing was sent.")
})

const sent = (input: LoadInput, work: Load) =>
  Records.changed(
    shape,
    Effect.scoped(
      Effect.gen(function* () {
        const start = yield* Clock.currentTimeMillis
        let bytes: number | undefined
        let report: Progress.Report = () => Effect.void
        const { rows: data, size } = yield* rowSource(input, (seen) => {
          bytes = seen
          return report({ bytes: seen })
        })
        report = yield* Progress.make({ total: size, isShown: false })
        return yield* withSession(
          datasets,
          Effect.gen(function* () {
            const before = yield* count(input)
            const { rows } = yield* Effect.mapError(work.send(data), inFlags)
            const after = yield* count(input)
            const seconds = ((yield* Clock.currentTimeMillis) - start) / 1000
            return { dataset: input.name, mode: work.mode, rows, before, after, bytes, seconds }
          })
        )
      })
    ),
    ({ after, before, rows, seconds }) => {
      const counts = [
        ...(before === undefined ? [] : [`${Quantity.count(before)} before`]),
        ...(after === undefined ? [] : [`${Quantity.count(after)} after`]),
        Quantity.duration(Duration.seconds(seconds))
      ]
      return `${work.told(rows === undefined ? "new rows" : Quantity.rows(rows))} (${counts.join(", ")})`
    }
  )

/** Only for people: a table that takes too long to count, or a key that may not, is no reason to load nothing. */
const count = ({ count, name }: LoadInput) =>
  count
    ? Effect.flatMap(Datasets, ({ describe }) => describe(name, { countRows: true })).pipe(
        Effect.map(({ rows }) => rows),
        Effect.catch(() => Effect.succeed(undefined))
      )
    : Effect.succeed(undefined)
