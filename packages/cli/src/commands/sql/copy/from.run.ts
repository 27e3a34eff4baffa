/** The work of `carto sql copy from`. */
import type { CartoError } from "@effect-carto/core/CartoError"
import { SqlCopy } from "@effect-carto/core/SqlCopy"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as NodeGzip from "@effect-carto/node/NodeGzip"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { type CommandError, failure } from "../../../CommandError.ts"
import * as Quantity from "../../../format/Quantity.ts"
import * as Output from "../../../Output.ts"
import * as Progress from "../../../Progress.ts"
import { withSession } from "../../../session.ts"
import { type Layout, options } from "./flags.ts"
import * as header from "./header.ts"

export interface FromInput extends Layout {
  readonly table: string
  readonly file: string
  readonly columns: Option.Option<ReadonlyArray<string>>
}

export const run = Effect.fnUntraced(function* (input: FromInput) {
  const source = input.file === "-" ? yield* standardInput : yield* file(input.file)
  yield* Effect.scoped(
    Effect.gen(function* () {
      const { columns, data } = yield* prepare(source, input)
      const report = yield* Progress.make({ total: source.size, isShown: false })
      const start = yield* Clock.currentTimeMillis
      const load = Effect.flatMap(SqlCopy, (copy) =>
        copy.from(input.table, data, {
          ...options(input),
          columns,
          replayable: source.isReplayable,
          onProgress: ({ bytes }) => report({ bytes })
        })
      )
      const { bytes, rows } = yield* withSession(load).pipe(Effect.provide(NodeGzip.layer))
      const time = Duration.millis((yield* Clock.currentTimeMillis) - start)
      return { bytes, rows, time }
    })
  ).pipe(
    // Behind the scope, so that the progress line is gone.
    Effect.flatMap((copied) =>
      Output.note(`copied ${Quantity.rows(copied.rows)} into ${input.table} (${Output.summary(copied)})`)
    )
  )
})

interface Source {
  readonly data: Stream.Stream<Uint8Array, CartoError | CommandError>
  /** In bytes, where it is known. */
  readonly size: number | undefined
  /** Whether the data can be read a second time. */
  readonly isReplayable: boolean
}

const standardInput = Effect.map(
  Stdio.Stdio,
  ({ stdin }): Source => ({
    data: Stream.mapError(stdin, (error) => failure(`Cannot read standard input: ${error.message}`)),
    size: undefined,
    isReplayable: false
  })
)

/** Looked at before anything is sent. A pipe such as `/dev/stdin` can be read only once. */
const file = (path: string) =>
  Effect.map(
    NodeFile.inspect(path),
    ({ size }): Source => ({ data: NodeFile.read(path), size, isReplayable: size !== undefined })
  )

/** Without `--columns` the header of a CSV says which columns come, and in which order. */
const prepare = Effect.fnUntraced(function* (
  { data, isReplayable }: Source,
  { columns, delimiter, format, header: hasHeader }: FromInput
) {
  if (Option.isSome(columns) || format !== "csv" || !hasHeader) {
    return { columns: Option.getOrUndefined(columns), data }
  }
  const peeled = header.peel(
    data,
    Option.getOrElse(delimiter, () => ",")
  )
  // What can be read again is, from its start, whenever the upload is repeated.
  return isReplayable ? { columns: (yield* Effect.scoped(peeled)).columns, data } : yield* peeled
})
