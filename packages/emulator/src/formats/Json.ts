/** `format=json`: rows first, then what is known only after them. */
import type { ApiError } from "../ApiError.ts"
import type { Message } from "../Database.ts"
import { encodeTextWithError, type Format, type FormatOptions, type TextWriter } from "./Format.ts"
import type { Descriptor } from "./fields.ts"
import * as Rows from "./Rows.ts"

/** The rows that a command says it handled, as in `INSERT 0 3`; `undefined` where it says none. */
const affected = (tag: string): number | undefined => {
  const count = /\d+$/.exec(tag)?.[0]
  return count === undefined ? undefined : Number(count)
}

const makeWriter = ({ catalog, elapsed, skip }: FormatOptions): TextWriter => {
  let rows = Rows.make(catalog, [], skip)
  let fields: Readonly<Record<string, Descriptor>> = {}
  let hasResultSet = false
  let inResultSet = false
  let rowsOfResultSet = 0
  let rowsSent = 0
  let total = 0
  const notices = new Map<string, Array<string>>()

  // Where any statement has a result set, the last of these is described; otherwise the last statement.
  const complete = (tag: string) => {
    if (inResultSet || !hasResultSet) total = affected(tag) ?? (inResultSet ? rowsOfResultSet : 0)
    inResultSet = false
  }

  const write = (message: Message): string => {
    switch (message._tag) {
      case "RowDescription":
        rows = Rows.make(catalog, message.fields, skip)
        fields = rows.descriptors
        hasResultSet = true
        inResultSet = true
        rowsOfResultSet = 0
        return ""
      case "DataRow":
        rowsSent += 1
        rowsOfResultSet += 1
        return (rowsSent === 1 ? `{"rows":[` : ",") + rows.toJson(message.cells)
      case "CommandComplete":
        complete(message.tag)
        return ""
      case "Notice": {
        const member = `${message.severity.toLowerCase()}s`
        notices.set(member, [...(notices.get(member) ?? []), message.message])
        return ""
      }
      case "CopyData":
        return ""
    }
  }

  const end = (error?: ApiError): string => {
    const members = {
      time: elapsed() / 1000,
      fields,
      total_rows: error === undefined ? total : rowsSent,
      ...(error === undefined ? {} : { error: [error.message] }),
      ...Object.fromEntries(notices)
    }
    return `${rowsSent === 0 ? `{"rows":[` : ""}],${JSON.stringify(members).slice(1)}`
  }

  return { write, end }
}

/** The default format. */
export const Json: Format = {
  extension: "json",
  contentType: "application/json; charset=utf-8",
  jsonp: true,
  whole: false,
  statement: (sql) => sql,
  encode: (messages, options) => encodeTextWithError(messages, () => makeWriter(options))
}
