/** `format=csv`: a header, CRLF, `the_geom` first; made complete before the first byte is sent, so it is never cut. */
import type { Field, Message } from "../Database.ts"
import { asSubquery } from "../SqlText.ts"
import { encodeText, type Format, type FormatOptions, type TextWriter } from "./Format.ts"
import { spool } from "./spool.ts"
import type { TypeCatalog } from "./TypeCatalog.ts"

const quote = (text: string): string => (/[",;\t\r\n]|^ | $/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const asText = (text: string): string => text

/** What a cast to text makes of a cell; a few types print otherwise by themselves. */
const castToText = (typeName: string | undefined): ((cell: string) => string) => {
  if (typeName === "bool") return (cell) => (cell === "t" ? "true" : "false")
  return typeName === "bpchar" ? (cell) => cell.trimEnd() : asText
}

interface Column {
  readonly name: string
  readonly index: number
  readonly write: (cell: string) => string
}

const columnsOf = (catalog: TypeCatalog, fields: ReadonlyArray<Field>, skip: ReadonlySet<string>) =>
  fields
    .map((field, index): Column => ({ name: field.name, index, write: castToText(catalog.get(field.typeOid)) }))
    .filter(({ name }) => !skip.has(name))
    .toSorted((a, b) => Number(b.name === "the_geom") - Number(a.name === "the_geom"))

const makeWriter = ({ catalog, skip }: FormatOptions): TextWriter => {
  let columns: ReadonlyArray<Column> = []
  // A line of one empty cell would be an empty line.
  const line = (cells: ReadonlyArray<string>, isHeader: boolean): string =>
    `${cells.map(quote).join(",")}${cells.length === 1 && (isHeader || cells[0] === "") ? "," : ""}\r\n`
  const write = (message: Message): string => {
    if (message._tag === "RowDescription") {
      columns = columnsOf(catalog, message.fields, skip)
      return line(
        columns.map(({ name }) => name),
        true
      )
    }
    if (message._tag !== "DataRow") return ""
    return line(
      columns.map(({ index, write }) => {
        const cell = message.cells[index] ?? null
        return cell === null ? "" : write(cell)
      }),
      false
    )
  }
  return { write, end: () => "" }
}

/** NULL and the empty string are both empty. */
export const Csv: Format = {
  extension: "csv",
  contentType: "text/csv; charset=utf-8; header=present",
  jsonp: false,
  whole: false,
  statement: (sql) => `SELECT * FROM (${asSubquery(sql)}) AS cdbq`,
  encode: (messages, options) => spool(encodeText(messages, () => makeWriter(options)))
}
