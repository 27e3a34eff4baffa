/** The parameters of `/api/v2/sql`, checked. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { type ApiError, badRequest } from "../ApiError.ts"
import type { Format } from "../formats/Format.ts"
import { formats } from "../formats/formats.ts"
import * as Params from "../Params.ts"
import { asSubquery, isSelect, quoteIdentifier } from "../SqlText.ts"

/** What a query request asks for. */
export interface SqlRequest {
  /** The client's text. */
  readonly sql: string
  /** The text with paging and order around it. */
  readonly pagedSql: string
  readonly format: Format
  /** Base name of the answer, without extension. */
  readonly filename: string
  /** Whether a file is asked for rather than an answer to show. */
  readonly attachment: boolean
  readonly skip: ReadonlySet<string>
  readonly dp: number
  readonly persist: boolean
  readonly callback: string | undefined
}

const readFormat = (name: string): Effect.Effect<Format, ApiError> => {
  const format = formats.get(name)
  return format === undefined ? Effect.fail(badRequest(`Invalid format: ${name}`)) : Effect.succeed(format)
}

/** A file's base name: no directories, no extension, none of the characters that end a header's value. */
const baseName = (filename: string): string =>
  (filename.split(/[/\\]/).at(-1) ?? "").replace(/\.[^.]*$/, "").replace(/[;()[\]<>'"\s]/g, "_")

const integer = (params: Params.Params, name: string): number | undefined => {
  const text = Params.text(params, name)
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined
}

const skipped = (value: unknown): ReadonlySet<string> => {
  const lists: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
  return new Set(lists.filter(Predicate.isString).flatMap((list) => list.split(",")))
}

// Only a SELECT can be asked from as from a table; everything else runs as it is.
const paged = (params: Params.Params, sql: string): string => {
  const limit = integer(params, "rows_per_page")
  const page = integer(params, "page")
  const column = Params.text(params, "order_by")
  const hasPage = limit !== undefined && page !== undefined
  if ((!hasPage && column === undefined) || !isSelect(sql)) return sql
  const direction = /^(?:asc|desc)$/i.exec(Params.text(params, "sort_order") ?? "")?.[0] ?? ""
  const order = column === undefined ? "" : ` ORDER BY ${quoteIdentifier(column)} ${direction}`
  const page_ = hasPage ? ` LIMIT ${limit} OFFSET ${page * limit}` : ""
  return `SELECT * FROM (${asSubquery(sql)}) AS cdbq_1${order}${page_}`
}

/** Reads the parameters. Fails with 400. */
export const sqlRequest = Effect.fnUntraced(function* (params: Params.Params): Effect.fn.Return<SqlRequest, ApiError> {
  const sql = Params.get(params, "q")
  if (!Predicate.isString(sql)) return yield* badRequest("You must indicate a sql query")
  const formatName = Params.text(params, "format")
  const filename = Params.text(params, "filename")
  const format = yield* readFormat(formatName?.toLowerCase() ?? "json")
  return {
    sql,
    pagedSql: paged(params, sql),
    format,
    filename: baseName(filename ?? "") || "cartodb-query",
    attachment: formatName !== undefined || filename !== undefined,
    skip: skipped(Params.get(params, "skipfields")),
    dp: Math.max(0, integer(params, "dp") ?? 6),
    persist: Params.text(params, "cache_policy") === "persist",
    callback: Params.callback(params)
  }
})
