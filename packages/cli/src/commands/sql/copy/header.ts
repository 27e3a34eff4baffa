/** The columns that the first line of a CSV names. */
import * as Effect from "effect/Effect"
import * as Csv from "effect/encoding/Csv"
import * as Option from "effect/Option"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import { type CommandError, failure } from "../../../CommandError.ts"
import * as RowCounter from "./RowCounter.ts"

/**
 * The columns, and all of the data again, the header included. Reads no further than the first line; the scope holds
 * the data open.
 */
export const peel = Effect.fnUntraced(function* <E, R>(data: Stream.Stream<Uint8Array, E, R>, delimiter: string) {
  const countLines = RowCounter.make({ format: "csv", header: false })
  const [head, rest] = yield* Stream.peel(
    data,
    Sink.takeUntil((chunk: Uint8Array) => countLines(chunk) !== 0)
  )
  const columns = yield* parse(head, delimiter)
  return { columns, data: Stream.concat(Stream.fromIterable(head), rest) }
})

const parse = (
  head: ReadonlyArray<Uint8Array>,
  delimiter: string
): Effect.Effect<ReadonlyArray<string>, CommandError> =>
  Stream.fromIterable(head).pipe(
    Stream.pipeThroughChannel(Csv.decode({ delimiter })),
    Stream.runHead,
    Effect.mapError((error) => failure(`The header of the data cannot be read: ${error.message}`, useColumns)),
    Effect.flatMap(
      Option.match({
        onNone: () =>
          Effect.fail(failure("The data is empty: there is not even a header.", "Use --no-header if this is right.")),
        onSome: (names) =>
          names.some((name) => name.trim() === "")
            ? Effect.fail(failure("The header of the data leaves a column without a name.", useColumns))
            : Effect.succeed(names.map((name) => name.trim()))
      })
    )
  )

const useColumns = "Name the columns with --columns, and use --no-header if the first line is a row."
