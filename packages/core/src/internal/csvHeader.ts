/** The columns that the first line of a CSV names. */
import * as Effect from "effect/Effect"
import * as Csv from "effect/encoding/Csv"
import * as Option from "effect/Option"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import type { CartoError } from "../CartoError.ts"
import { refuse } from "./refuse.ts"

const advice = "Name the columns with `columns`, in the order of the data."
/** A first line may be long, but something without any end of line is no CSV. */
const longestLine = 1 << 20

/**
 * The columns, and all of the data again, the header included. Reads no further than the first line; the scope holds the
 * data open, which then can be read only once.
 */
export const peel = Effect.fnUntraced(function* <E, R>(
  operation: string,
  data: Stream.Stream<Uint8Array, E, R>,
  delimiter: string
) {
  const state = { length: 0, isQuoted: false, isWhole: false }
  const [head, rest] = yield* Stream.peel(
    data,
    Sink.takeUntil((chunk: Uint8Array) => {
      for (const byte of chunk) {
        state.length += 1
        if (byte === 0x22) state.isQuoted = !state.isQuoted
        else if ((byte === 0x0a || byte === 0x0d) && !state.isQuoted) state.isWhole = true
        if (state.isWhole || state.length > longestLine) return true
      }
      return false
    })
  )
  const columns = yield* parse(operation, head, delimiter)
  return { columns, data: Stream.concat(Stream.fromIterable(head), rest) }
})

const parse = (
  operation: string,
  head: ReadonlyArray<Uint8Array>,
  delimiter: string
): Effect.Effect<ReadonlyArray<string>, CartoError> => {
  if (head[0]?.[0] === 0x1f && head[0][1] === 0x8b) {
    return refuse(operation, "the data is compressed", "Give the CSV itself; it is compressed on its way.")
  }
  return Stream.fromIterable(head).pipe(
    Stream.pipeThroughChannel(Csv.decode({ delimiter })),
    Stream.runHead,
    Effect.mapError((error) => refuse(operation, `the header cannot be read: ${error.message}`, advice)),
    Effect.map(Option.map((names) => names.map((name) => name.replace(/^\uFEFF/, "").trim()))),
    Effect.flatMap(
      Option.match({
        onNone: () => Effect.fail(refuse(operation, "the data is empty: there is not even a header", advice)),
        onSome: (names) =>
          names.includes("")
            ? Effect.fail(refuse(operation, "the header leaves a column without a name", advice))
            : Effect.succeed(names)
      })
    )
  )
}
