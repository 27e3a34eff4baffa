/** Rows from PostgreSQL's COPY binary format: exact for every type, and the fastest way out of the database. */
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as Channel from "effect/Channel"
import * as Effect from "effect/Effect"
import type { CopyFormatError } from "./CopyFormatError.ts"
import { attempt } from "./internal/attempt.ts"
import { binaryRow, copyBinaryReader } from "./internal/copyBinaryReader.ts"
import { isCopyDecodeError } from "./internal/copyErrors.ts"
import { feedChannel } from "./internal/feedChannel.ts"
import { PgTypeError } from "./PgTypeError.ts"
import { type Column, hasBinary } from "./PgTypes.ts"

/** The columns whose binary form is not known here; with any of them, use COPY text or cast them to text. */
export const unsupported = (columns: ReadonlyArray<Column>): ReadonlyArray<Column> =>
  columns.filter(({ pgtype }) => !hasBinary(pgtype))

const isPgTypeError = (error: unknown): error is PgTypeError => error instanceof PgTypeError

/**
 * Bytes of `COPY … TO STDOUT (FORMAT binary)` to rows of the values that `PgTypes` lists, whatever the chunk borders.
 * `columns` must name the columns and types of the query in order. Fails with `PgTypeError` at once for a type
 * without binary decoder, and with `CopyFormatError` when the trailer is missing.
 */
export const decodeRows = <IE = never>(
  columns: ReadonlyArray<Column>
): Channel.Channel<
  NonEmptyReadonlyArray<Record<string, unknown>>,
  IE | CopyFormatError | PgTypeError,
  void,
  NonEmptyReadonlyArray<Uint8Array>,
  IE
> =>
  Channel.unwrap(
    Effect.map(Effect.fromResult(attempt(isPgTypeError, () => binaryRow(columns))), (row) =>
      feedChannel<Uint8Array, Record<string, unknown>, void, CopyFormatError | PgTypeError, IE>(
        () => copyBinaryReader(columns.length, row),
        isCopyDecodeError
      )
    )
  )
