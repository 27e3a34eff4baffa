/** Rows as an aligned table that fits the terminal, or as one record per row when too many columns would not. */
import type { Row } from "@effect-carto/core/Sql"
import * as Arr from "effect/Array"
import * as Stream from "effect/Stream"
import { isUuid } from "../isUuid.ts"
import { cut, pad, toCell, width } from "./Cell.ts"

export interface TableOptions {
  /** Columns of the terminal; undefined when the table goes elsewhere, where nothing is cut. */
  readonly width: number | undefined
  readonly color: boolean
  /** Columns of the result, for one without rows. */
  readonly columns: ReadonlyArray<string>
}

/** Widths are measured on so many rows, so that the table may go on for ever in constant memory. */
const sampleSize = 1000
const gap = "  "
/** Narrower columns cannot be read. */
const leastWidth = 5

interface Column {
  readonly name: string
  readonly width: number
  readonly align: "left" | "right"
  /** Whether its values are ids: half of one names nothing, so that they are never cut. */
  readonly isWhole: boolean
}

/** The table as text. Nothing is shown of rows that break off before their widths are known. */
export const render =
  (options: TableOptions) =>
  <E, R>(rows: Stream.Stream<Row, E, R>): Stream.Stream<string, E, R> =>
    Stream.suspend(() => {
      const sample: Array<Row> = []
      let body: ((rows: ReadonlyArray<Row>) => string) | undefined
      const begin = (): string => {
        const layout = layOut(options, sample)
        body = layout.body
        return layout.head + body(sample)
      }
      const text = Stream.map(Stream.chunks(rows), (chunk) => {
        if (body !== undefined) return body(chunk)
        sample.push(...chunk)
        return sample.length < sampleSize ? "" : begin()
      })
      return Stream.filter(
        Stream.concat(
          text,
          Stream.sync(() => (body === undefined ? begin() : ""))
        ),
        (text) => text !== ""
      )
    })

interface Layout {
  readonly head: string
  readonly body: (rows: ReadonlyArray<Row>) => string
}

const layOut = (options: TableOptions, sample: ReadonlyArray<Row>): Layout => {
  const names = Object.keys(sample[0] ?? {})
  const columns = measure(names.length === 0 ? options.columns : names, sample)
  const fitted = fit(columns, options.width)
  if (fitted === undefined) return { head: "", body: records(columns, options) }
  const isCut = options.width !== undefined
  return {
    head: head(fitted, options),
    body: (rows) => rows.map((row) => line(fitted, (column) => toCell(row[column.name]), isCut)).join("")
  }
}

const measure = (names: ReadonlyArray<string>, sample: ReadonlyArray<Row>): ReadonlyArray<Column> =>
  names.map((name) => {
    const values = sample.map((row) => row[name])
    const present = values.filter((value) => value !== null && value !== undefined)
    return {
      name,
      width: values.reduce<number>((widest, value) => Math.max(widest, width(toCell(value))), width(toCell(name))),
      align: present.length > 0 && present.every(isNumeric) ? "right" : "left",
      isWhole: present.some((value) => typeof value === "string" && isUuid(value))
    }
  })

const isNumeric = (value: unknown): boolean => typeof value === "number" || typeof value === "bigint"

/** Takes from the widest columns first; undefined when not even the least widths fit. */
const fit = (columns: ReadonlyArray<Column>, width: number | undefined): ReadonlyArray<Column> | undefined => {
  if (width === undefined) return columns
  const available = width - gap.length * (columns.length - 1)
  const cutTo = (column: Column, limit: number) => (column.isWhole ? column.width : Math.min(column.width, limit))
  const taken = (limit: number) => columns.reduce((sum, column) => sum + cutTo(column, limit), 0)
  let limit = Math.max(leastWidth, available)
  while (limit >= leastWidth && taken(limit) > available) limit--
  return limit < leastWidth ? undefined : columns.map((column) => ({ ...column, width: cutTo(column, limit) }))
}

const line = (columns: ReadonlyArray<Column>, cell: (column: Column) => string, cutting: boolean): string =>
  `${columns
    .map((column) => {
      const text = cutting ? cut(cell(column), column.width) : cell(column)
      return pad(text, column.width, column.align)
    })
    .join(gap)
    .trimEnd()}\n`

const head = (columns: ReadonlyArray<Column>, { color, width }: TableOptions): string => {
  if (columns.length === 0) return ""
  const names = line(columns, (column) => toCell(column.name), width !== undefined)
  const rule = line(columns, (column) => "-".repeat(column.width), false)
  return `${color ? `\x1b[1m${names.trimEnd()}\x1b[0m\n` : names}${rule}`
}

/** One record, a line per value. */
export const record =
  (options: Omit<TableOptions, "columns">) =>
  (row: Row): string =>
    records(measure(Object.keys(row), [row]), { ...options, columns: [] })([row])

/** One line per value, records apart by a blank line. */
const records = (columns: ReadonlyArray<Column>, { color, width }: TableOptions) => {
  const left = Math.min(Math.max(...columns.map((column) => column.name.length)), 30)
  const right = Math.max(leastWidth, (width ?? Number.POSITIVE_INFINITY) - left - gap.length)
  return (rows: ReadonlyArray<Row>): string =>
    Arr.map(rows, (row) =>
      columns
        .map((column) => {
          const name = pad(cut(toCell(column.name), left), left, "left")
          const value = toCell(row[column.name])
          return `${color ? `\x1b[1m${name}\x1b[0m` : name}${gap}${column.isWhole ? value : cut(value, right)}\n`
        })
        .join("")
    )
      .map((record) => `${record}\n`)
      .join("")
}
