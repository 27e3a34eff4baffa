/** The columns of a delimited text: how they will be called, and what would become of their values. */
import * as Effect from "effect/Effect"
import * as Csv from "effect/encoding/Csv"
import * as Stream from "effect/Stream"
import { columnNames } from "../DatasetNames.ts"
import type { PreviewColumn } from "../ImportPreview.ts"
import { watchGeometry } from "./geometryColumn.ts"
import { type ColumnWatch, watchColumn } from "./identifierDamage.ts"

export interface PreviewTable {
  readonly columns: ReadonlyArray<PreviewColumn>
  /** Behind the header. */
  readonly rows: number
  /** A first line with a number in it is a row, and the server gives names. */
  readonly hasHeader: boolean
  /** Where the text was not understood. */
  readonly malformed: Csv.CsvError | undefined
}

const isNumber = /^ *[+-]?\d*\.?\d+ *$/

/** What a delimited text holds. A text that the server might read in another way tells so, with what came before. */
export const readTable = Effect.fnUntraced(function* <E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  encoding: string,
  delimiter: string,
  taken: { readonly isCut: () => boolean }
): Effect.fn.Return<PreviewTable, E, R> {
  let names: ReadonlyArray<string> | undefined
  let hasHeader = true
  let watches: ReadonlyArray<ColumnWatch> = []
  let geometry = watchGeometry([])
  let rows = 0
  let held: Csv.Row | undefined
  const begin = (row: Csv.Row) => {
    hasHeader = !row.some((cell) => isNumber.test(cell))
    names = hasHeader ? row : row.map((_, i) => `field_${i + 1}`)
    watches = row.map(() => watchColumn(delimiter === ";"))
    geometry = watchGeometry(names)
  }
  // One row late: where the text was cut, the last one is not whole.
  const see = (row: Csv.Row) => {
    if (names === undefined) {
      begin(row)
      if (hasHeader) return
    }
    rows += 1
    geometry.see(row)
    for (const [i, watch] of watches.entries()) watch.see(row[i] ?? "")
  }
  const stopped = yield* bytes.pipe(
    Stream.decodeText({ encoding }),
    Stream.pipeThroughChannelOrFail(Csv.decodeString({ delimiter, ignoreEmptyLines: true })),
    Stream.runForEachArray((some) =>
      Effect.sync(() => {
        for (const row of some) {
          if (held !== undefined) see(held)
          held = row
        }
      })
    ),
    Effect.as(undefined),
    Effect.catchIf(Csv.isCsvError, Effect.succeed)
  )
  // Where the reader stopped inside of a row, the one before it is whole.
  if (held !== undefined && (!taken.isCut() || stopped !== undefined || names === undefined)) see(held)
  const malformed = taken.isCut() && stopped?.message.startsWith("Unterminated") === true ? undefined : stopped
  const becomes = columnNames(geometry.wanted())
  const columns = (names ?? []).map(
    (name, i): PreviewColumn => ({ name, becomes: becomes[i] ?? name, damages: watches[i]?.damages() ?? [] })
  )
  return { columns, rows, hasHeader, malformed }
})
