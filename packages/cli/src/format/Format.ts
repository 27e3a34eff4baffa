/** Rows as text, in each of the formats. */
import type { Row } from "@effect-carto/core/Sql"
import * as Stream from "effect/Stream"
import * as Csv from "./Csv.ts"
import type { RowFormat } from "./rowFormats.ts"
import * as Table from "./Table.ts"
import { toJson } from "./Value.ts"

/** Rows as text, as they arrive. When they break off, so does the text: a JSON array is then not closed. */
export const render =
  (format: RowFormat, options: Table.TableOptions) =>
  <E, R>(rows: Stream.Stream<Row, E, R>): Stream.Stream<string, E, R> => {
    switch (format) {
      case "table":
        return Table.render(options)(rows)
      case "json":
        return jsonArray(rows)
      case "ndjson":
        return Stream.mapArray(rows, (chunk) => [chunk.map((row) => `${toJson(row)}\n`).join("")])
      case "csv":
        return csv(options.columns)(rows)
    }
  }

/** One JSON array, a row on each line. */
const jsonArray = <E, R>(rows: Stream.Stream<Row, E, R>): Stream.Stream<string, E, R> =>
  Stream.mapAccumArray(
    rows,
    () => "[\n",
    (opening, chunk) => [",\n", [opening + chunk.map(toJson).join(",\n")]],
    { onHalt: (opening) => [opening === ",\n" ? "\n]\n" : "[]\n"] }
  )

/** The header comes with the first row, or from the columns when there is none. */
const csv =
  (columns: ReadonlyArray<string>) =>
  <E, R>(rows: Stream.Stream<Row, E, R>): Stream.Stream<string, E, R> =>
    Stream.mapAccumArray(
      rows,
      (): ReadonlyArray<string> => [],
      (header, chunk) => {
        const names = header.length === 0 ? Object.keys(chunk[0]) : header
        const body = chunk.map((row) => Csv.line(names.map((name) => row[name]))).join("")
        return [names, [header.length === 0 ? Csv.line(names) + body : body]]
      },
      { onHalt: (header) => (header.length === 0 && columns.length > 0 ? [Csv.line(columns)] : []) }
    )
