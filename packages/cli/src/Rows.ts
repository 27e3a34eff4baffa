/** Rows on their way out: rendered, counted, written. */
import type { Row } from "@effect-carto/core/Sql"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import type * as Terminal from "effect/Terminal"
import * as Format from "./format/Format.ts"
import type { RowFormat } from "./format/rowFormats.ts"
import * as Output from "./Output.ts"
import { terminalWidth } from "./terminalWidth.ts"

/** Rows to text, with the columns' names for a result that has no rows. */
export type Renderer = (
  columns: ReadonlyArray<string>
) => <E, R>(rows: Stream.Stream<Row, E, R>) => Stream.Stream<string, E, R>

/** A format fitted to where the text goes: only a terminal has a width and colours. */
export const renderer = Effect.fnUntraced(function* (
  format: RowFormat,
  destination: string
): Effect.fn.Return<Renderer, never, Stdio.Stdio | Terminal.Terminal> {
  const stdio = yield* Stdio.Stdio
  const isTerminal = destination === "-" && (yield* stdio.stdoutIsTerminal)
  const width = isTerminal ? yield* terminalWidth : undefined
  const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
  return (columns) => Format.render(format, { columns, width, color: isTerminal && canColor, isTerminal })
})

/** Writes rows and tells how many there were. The names of the columns are asked for only when there are no rows. */
export const write = Effect.fnUntraced(function* <E, R, E2, R2>(
  destination: string,
  render: Renderer,
  rows: Stream.Stream<Row, E, R>,
  columns: Effect.Effect<ReadonlyArray<string>, E2, R2>
) {
  let count = 0
  const counted = Stream.mapArray(rows, (chunk) => {
    count += chunk.length
    return chunk
  })
  const withoutRows = Stream.unwrap(Effect.map(columns, (names) => render(names)(Stream.empty)))
  const text = Stream.orElseIfEmpty(render([])(counted), () => withoutRows)
  const written = yield* Output.write(destination, Stream.encodeText(text), () => count)
  return { ...written, rows: count }
})
