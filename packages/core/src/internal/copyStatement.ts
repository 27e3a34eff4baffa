/** COPY statements from a table, columns and options. */
import * as Literal from "../Literal.ts"
import { parse } from "./tableName.ts"

export interface CopyFormat {
  /** Default `csv`. */
  readonly format?: "csv" | "text" | "binary" | undefined
  /** The first line names the columns: written by `to`, skipped by `from`. Default true for CSV. */
  readonly header?: boolean | undefined
  /** One byte. Default a comma for CSV, a tab for text. */
  readonly delimiter?: string | undefined
  /** What stands for NULL. Default an unquoted empty field in CSV, `\N` in text. */
  readonly null?: string | undefined
  readonly quote?: string | undefined
  readonly escape?: string | undefined
  /** A PostgreSQL encoding name such as `LATIN1`. Default UTF8. */
  readonly encoding?: string | undefined
}

/** Throws `LiteralError` for texts that PostgreSQL cannot hold. */
export const copyOptions = (options: CopyFormat): string => {
  const format = options.format ?? "csv"
  const text = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`${name} ${Literal.encodeUnsafe(value).trim()}`]
  const list = [
    `FORMAT ${format}`,
    ...(format === "csv" ? [`HEADER ${options.header ?? true}`] : []),
    ...text("DELIMITER", options.delimiter),
    ...text("NULL", options.null),
    ...text("QUOTE", options.quote),
    ...text("ESCAPE", options.escape),
    ...text("ENCODING", options.encoding)
  ]
  return `WITH (${list.join(", ")})`
}

/** `cities`, `alice.cities` or `"a.table"` with dots in quotes, and its columns in the order of the data. */
export const copyTarget = (table: string, columns: ReadonlyArray<string> | undefined): string => {
  const quoted = parse(table)?.quoted ?? Literal.qualified(table)
  return columns === undefined ? quoted : `${quoted} (${columns.map(Literal.identifier).join(", ")})`
}
