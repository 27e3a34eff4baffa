/** The columns that the first line of a CSV names. */
import * as Zlib from "node:zlib"
import * as Effect from "effect/Effect"
import * as Csv from "effect/encoding/Csv"
import * as Option from "effect/Option"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import { type CommandError, failure } from "../../../CommandError.ts"
import * as RowCounter from "../../../RowCounter.ts"

/**
 * The columns, and all of the data again, the header included. Reads no further than the first line, of gzip too; the
 * scope holds the data open.
 */
export const peel = Effect.fnUntraced(function* <E, R>(data: Stream.Stream<Uint8Array, E, R>, delimiter: string) {
  const seen: Array<Uint8Array> = []
  const [head, rest] = yield* Stream.peel(
    data,
    Sink.takeUntil((chunk: Uint8Array) => {
      seen.push(chunk)
      return hasLine(plain(seen))
    })
  )
  const columns = yield* parse(plain(head), delimiter)
  return { columns, data: Stream.concat(Stream.fromIterable(head), rest) }
})

const hasLine = (bytes: Uint8Array): boolean => RowCounter.make({ format: "csv", header: false })(bytes) !== 0

/** What can be read of the data so far. Broken gzip gives nothing; the server will say so. */
const plain = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
  const bytes = Buffer.concat(chunks)
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return Zlib.gunzipSync(bytes, { finishFlush: Zlib.constants.Z_SYNC_FLUSH })
  } catch {
    return new Uint8Array()
  }
}

const parse = (bytes: Uint8Array, delimiter: string): Effect.Effect<ReadonlyArray<string>, CommandError> =>
  Stream.make(bytes).pipe(
    Stream.pipeThroughChannel(Csv.decode({ delimiter })),
    Stream.runHead,
    Effect.mapError((error) => failure(`The header of the data cannot be read: ${error.message}`, useColumns)),
    Effect.map(Option.map((names) => names.map((name) => name.trim()))),
    Effect.flatMap(
      Option.match({
        onNone: () => Effect.fail(failure("The data is empty: there is not even a header.")),
        onSome: (names) =>
          names.includes("")
            ? Effect.fail(failure("The header of the data leaves a column without a name.", useColumns))
            : Effect.succeed(names)
      })
    )
  )

const useColumns = "Name the columns with --columns, and use --no-header if the first line is a row."
