/** Rows ⇄ PostgreSQL's COPY text format, as channels for `Stream.pipeThroughChannel`. */
import type { NonEmptyReadonlyArray } from "effect/Array"
import type * as Channel from "effect/Channel"
import type { CopyFormatError } from "./CopyFormatError.ts"
import { isCopyDecodeError } from "./internal/copyErrors.ts"
import { copyTextReader } from "./internal/copyTextReader.ts"
import { copyTextWriter } from "./internal/copyTextWriter.ts"
import { feedChannel } from "./internal/feedChannel.ts"
import { decoderOf } from "./internal/pgDecoders.ts"
import { rowOfCells } from "./internal/rowFunction.ts"
import { isLiteralError, type LiteralError } from "./LiteralError.ts"
import type { PgTypeError } from "./PgTypeError.ts"
import type { Column } from "./PgTypes.ts"

/** The cells of a row as text; null is NULL. */
export type Cells = ReadonlyArray<string | null>

/** Bytes of `COPY … TO STDOUT` to cells, whatever the chunk borders. Fails on data that breaks off in mid-row. */
export const decode = <IE = never>(): Channel.Channel<
  NonEmptyReadonlyArray<Cells>,
  IE | CopyFormatError | PgTypeError,
  void,
  NonEmptyReadonlyArray<Uint8Array>,
  IE
> => feedChannel(() => copyTextReader<Cells>({ width: undefined, row: (cells) => cells }), isCopyDecodeError)

/** Bytes of `COPY … TO STDOUT` to rows of the values that `PgTypes` lists. */
export const decodeRows = <IE = never>(
  columns: ReadonlyArray<Column>
): Channel.Channel<
  NonEmptyReadonlyArray<Record<string, unknown>>,
  IE | CopyFormatError | PgTypeError,
  void,
  NonEmptyReadonlyArray<Uint8Array>,
  IE
> => {
  const row = rowOfCells(
    columns.map(({ name }) => name),
    columns.map(({ name, pgtype }) => {
      const { text } = decoderOf(pgtype)
      return (cell: string) => text(cell, name)
    })
  )
  return feedChannel(() => copyTextReader({ width: columns.length, row }), isCopyDecodeError)
}

/**
 * Rows to the bytes of `COPY … FROM STDIN`, in pieces of at least 64 KiB. A record gives the cells that `columns`
 * names, an array gives them in that order; a missing one is NULL. Values are written as `Literal` writes them,
 * GeoJSON as EWKB.
 */
export const encode = <IE = never>(
  columns: ReadonlyArray<string>
): Channel.Channel<
  NonEmptyReadonlyArray<Uint8Array>,
  IE | LiteralError,
  void,
  NonEmptyReadonlyArray<Readonly<Record<string, unknown>> | ReadonlyArray<unknown>>,
  IE
> => feedChannel(() => copyTextWriter(columns), isLiteralError)
