/** Where rows come from: CSV that is copied, other files and URLs that are imported, a query, a table. */
import { createGunzip } from "node:zlib"
import * as NodeStream from "@effect/platform-node/NodeStream"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as DatasetRows from "@effect-carto/core/DatasetRows"
import * as ImportSource from "@effect-carto/core/ImportSource"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as NodeImport from "@effect-carto/node/NodeImport"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { type CommandError, failure, usage } from "../../CommandError.ts"
import { isUrl } from "../../isUrl.ts"

export interface RowInput {
  readonly file: Option.Option<string>
  readonly sql: Option.Option<string>
  readonly table: Option.Option<string>
  readonly delimiter: Option.Option<string>
}

export type Rows = DatasetRows.DatasetRows<CartoError | CommandError>

export interface RowSource {
  readonly rows: Rows
  /** Of a file that is sent as it is, in bytes. */
  readonly size: number | undefined
}

const isText = (path: string): boolean => path === "-" || /\.(csv|tsv|txt)(\.gz)?$/i.test(path)

/** Exactly one of them. `onBytes` sees how many bytes of a file have been read. */
export const rowSource = Effect.fnUntraced(function* (
  { delimiter, file, sql, table }: RowInput,
  onBytes: (bytes: number) => Effect.Effect<void>
) {
  const given = [file, sql, table].filter(Option.isSome).length
  if (given !== 1) {
    return yield* usage(
      given === 0 ? "There are no new rows." : "Rows come from one source.",
      "Give a FILE, - for standard input, --sql, or --table."
    )
  }
  if (Option.isSome(delimiter) && !Option.exists(file, isText)) {
    return yield* usage("--delimiter is for CSV.", "Leave it out.")
  }
  if (Option.isSome(sql)) return source(DatasetRows.query(sql.value))
  if (Option.isSome(table)) return source(DatasetRows.table(table.value))
  return yield* fileSource(
    Option.getOrElse(file, () => "-"),
    delimiter,
    onBytes
  )
})

const source = (rows: Rows, size?: number): RowSource => ({ rows, size })

/** A file or URL: CSV as it is, everything else through an import. */
export const fileSource = Effect.fnUntraced(function* (
  path: string,
  delimiter: Option.Option<string>,
  onBytes: (bytes: number) => Effect.Effect<void>
) {
  if (isUrl(path)) return source(DatasetRows.imported(ImportSource.url(path)))
  if (path === "-") return source(csv(yield* standardInput, ",", delimiter, onBytes))
  const { isGzip, size } = yield* NodeFile.inspect(path)
  if (!isText(path)) return source(DatasetRows.imported(NodeImport.file(path)))
  const counted = counting(NodeFile.read(path), onBytes)
  const bytes = isGzip ? unzipped(counted, path) : counted
  return source(csv(bytes, /\.tsv(\.gz)?$/i.test(path) ? "\t" : ",", delimiter), size)
})

const csv = (
  bytes: Stream.Stream<Uint8Array, CartoError | CommandError>,
  usual: string,
  delimiter: Option.Option<string>,
  onBytes?: (bytes: number) => Effect.Effect<void>
) =>
  DatasetRows.bytes(onBytes === undefined ? bytes : counting(bytes, onBytes), {
    delimiter: Option.getOrElse(delimiter, () => usual)
  })

const standardInput = Effect.gen(function* () {
  const stdio = yield* Stdio.Stdio
  if (yield* stdio.stdinIsTerminal) {
    return yield* usage("Standard input is a terminal.", "Redirect a file or pipe data into it.")
  }
  return Stream.mapError(stdio.stdin, (error) => failure(`Cannot read standard input: ${error.message}`))
})

const counting = <E>(bytes: Stream.Stream<Uint8Array, E>, onBytes: (bytes: number) => Effect.Effect<void>) =>
  Stream.suspend(() => {
    let seen = 0
    return Stream.tap(bytes, (chunk) => {
      seen += chunk.length
      return onBytes(seen)
    })
  })

/** The header must be read, and the server is sent plain text or its own gzip. */
const unzipped = (
  bytes: Stream.Stream<Uint8Array, CartoError>,
  path: string
): Stream.Stream<Uint8Array, CartoError | CommandError> =>
  NodeStream.pipeThroughDuplex(bytes, {
    evaluate: () => createGunzip(),
    onError: () => failure(`${path} is broken: its gzip cannot be read to the end.`)
  })
