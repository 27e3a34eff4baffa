/** The work of `carto sql copy from`. */
import type { CopyFromOptions } from "@effect-carto/core/SqlCopy"
import { SqlCopy } from "@effect-carto/core/SqlCopy"
import * as NodeCopy from "@effect-carto/node/NodeCopy"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import { usage } from "../../../CommandError.ts"
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
  const start = yield* Clock.currentTimeMillis
  const { bytes, rows } = yield* Effect.scoped(input.file === "-" ? fromStdin(input) : fromFile(input))
  const time = Duration.millis((yield* Clock.currentTimeMillis) - start)
  yield* Output.note(`copied ${Quantity.rows(rows)} into ${input.table} (${Output.summary({ bytes, time })})`)
})

const fromFile = Effect.fnUntraced(function* (input: FromInput) {
  const { size } = yield* NodeFile.inspect(input.file)
  const { delimiter, needed } = headerOf(input)
  // A pipe such as `/dev/stdin` can be read only once, by the upload.
  if (needed && size === undefined) {
    return yield* usage(
      `${input.file} is a pipe, whose header cannot be looked at.`,
      "Use - for standard input, or give --columns."
    )
  }
  const columns = needed
    ? (yield* Effect.scoped(header.peel(NodeFile.read(input.file), delimiter))).columns
    : Option.getOrUndefined(input.columns)
  const copyOptions = yield* withProgress({ ...options(input), columns }, size)
  return yield* withSession(SqlCopy.layer(), NodeCopy.fromFile(input.file, input.table, copyOptions))
})

const fromStdin = Effect.fnUntraced(function* (input: FromInput) {
  const stdio = yield* Stdio.Stdio
  if (yield* stdio.stdinIsTerminal) {
    return yield* usage("Standard input is a terminal.", "Redirect a file or pipe data into it.")
  }
  const { delimiter, needed } = headerOf(input)
  const { columns, data } = needed
    ? yield* header.peel(stdio.stdin, delimiter)
    : { columns: Option.getOrUndefined(input.columns), data: stdio.stdin }
  const copyOptions = yield* withProgress({ ...options(input), columns }, undefined)
  return yield* withSession(SqlCopy.layer(), NodeCopy.fromStdin(input.table, copyOptions)).pipe(
    Effect.provideService(Stdio.Stdio, { ...stdio, stdin: data })
  )
})

/** Without `--columns` the header of a CSV says which columns come, and in which order. */
const headerOf = ({ columns, delimiter, format, header }: FromInput) => ({
  needed: Option.isNone(columns) && format === "csv" && header,
  delimiter: Option.getOrElse(delimiter, () => ",")
})

const withProgress = (copyOptions: CopyFromOptions, total: number | undefined) =>
  Effect.map(
    Progress.make({ total, isShown: false }),
    (report): CopyFromOptions => ({ ...copyOptions, onProgress: ({ bytes }) => report({ bytes }) })
  )
