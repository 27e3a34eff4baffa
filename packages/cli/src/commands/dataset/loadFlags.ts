/** Where new rows come from, and how they are loaded. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import { tableName } from "./flags.ts"

export const loadFlags = {
  name: tableName,
  file: Argument.String("FILE").pipe(
    Argument.withDescription(
      "CSV whose header names the columns, gzip or not; - is standard input; other formats and URLs are imported first"
    ),
    Argument.optional
  ),
  sql: Flag.String("sql").pipe(
    Flag.withMetavar("QUERY"),
    Flag.withDescription("Take the rows of a query of the account"),
    Flag.optional
  ),
  table: Flag.String("table").pipe(
    Flag.withMetavar("TABLE"),
    Flag.withDescription("Take the rows of another table of the account"),
    Flag.optional
  ),
  delimiter: Flag.String("delimiter").pipe(
    Flag.map((text) => (text === "\\t" ? "\t" : text)),
    Flag.filter(
      (text) => text.length === 1 && text.charCodeAt(0) < 128,
      () => "a single ASCII character, or \\t"
    ),
    Flag.withMetavar("CHARACTER"),
    Flag.withDescription("Between the columns of CSV; default: a comma, a tab in .tsv"),
    Flag.optional
  ),
  plan: Flag.Boolean("plan").pipe(
    Flag.withDescription("Print the statements, in order, and send none of them"),
    Flag.withDefault(false)
  ),
  count: Flag.Boolean("count").pipe(
    Flag.withDescription("Count the rows before and after; --no-count saves the time on large tables"),
    Flag.withDefault(true)
  )
} as const
