/** Rows as text, in each of the formats. */
import type { Row } from "@effect-carto/core/Sql"
import * as Stream from "effect/Stream"
import * as Csv from "./Csv.ts"
import type { RowFormat } from "./rowFormats.ts"
import * as Table from "./Table.ts"
import { toJson } from "./Value.ts"

export interface RenderOptions extends Table.TableOptions {
  /** Whether messages may come between the rows, as on a terminal, so that no line may wait for its end. */
  readonly isTerminal: boolean
}

/** Rows as text, as they arrive. When they break off, so does the text: a JSON array is then not closed. */
export const render =
  (format: RowFormat, options: RenderOptions) =>
  <E, R>(rows: Stream.Stream<Row, E, R>): Stream.Stream<string, E, R> => {
    switch (format) {
      case "table":
        return Table.render(options)(rows)
      case "json":
        return jsonArray(options.isTerminal ? whole : terse)(rows)
      case "ndjson":
        return Stream.mapArray(rows, (chunk) => [chunk.map((row) => `${toJson(row)}\n`).join("")])
      case "csv":
        return csv(options.columns)(rows)
    }
  }

/** What stands between two rows of an array, and what ends the text of those that have come. */
interface Breaks {
  readonly between: string
  readonly pause: string
}

const terse: Breaks = { between: ",\n", pause: "" }
/** The comma comes with the row behind it, so that each row ends its line. */
const whole: Breaks = { between: "\n,", pause: "\n" }

/** One JSON array, a row on each line. */
const jsonArray =
  ({ between, pause }: Breaks) =>
  <E, R>(rows: Stream.Stream<Row, E, R>): Stream.Stream<string, E, R> =>
    Stream.suspend(() => {
      let isEmpty = true
      const body = Stream.mapArray(rows, (chunk) => {
        const opening = isEmpty ? "[\n" : between.slice(pause.length)
        isEmpty = false
        return [opening + chunk.map(toJson).join(between) + pause]
      })
      return Stream.concat(
        body,
        Stream.sync(() => (isEmpty ? "[]\n" : `${pause === "" ? "\n" : ""}]\n`))
      )
    })

/** The header comes with the first row, or from the columns when there is none. */
const csv =
  (columns: ReadonlyArray<string>) =>
  <E, R>(rows: Stream.Stream<Row, E, R>): Stream.Stream<string, E, R> =>
    Stream.suspend(() => {
      let names: ReadonlyArray<string> = []
      const body = Stream.mapArray(rows, (chunk) => {
        const header = names.length === 0
        if (header) names = Object.keys(chunk[0])
        const lines = chunk.map((row) => Csv.line(names.map((name) => row[name])))
        return [(header ? Csv.line(names) : "") + lines.join("")]
      })
      return Stream.concat(
        body,
        Stream.suspend(() =>
          names.length === 0 && columns.length > 0 ? Stream.succeed(Csv.line(columns)) : Stream.empty
        )
      )
    })
