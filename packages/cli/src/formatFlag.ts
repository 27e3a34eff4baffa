/** The flag that says how rows are printed. */
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import { type RowFormat, rowFormats } from "./format/rowFormats.ts"

export const formatFlag = Flag.Literals("format", rowFormats).pipe(
  Flag.withAlias("f"),
  Flag.withMetavar("FORMAT"),
  Flag.withDescription("How to print rows; default: table on a terminal, json elsewhere"),
  Flag.optional
)

/** The format to use for standard output. */
export const orDefault = (format: Option.Option<RowFormat>): Effect.Effect<RowFormat, never, Stdio.Stdio> =>
  Option.isSome(format)
    ? Effect.succeed(format.value)
    : Effect.map(
        Effect.flatMap(Stdio.Stdio, (stdio) => stdio.stdoutIsTerminal),
        (isTerminal) => (isTerminal ? "table" : "json")
      )
