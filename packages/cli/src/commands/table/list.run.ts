/** The work of `carto table list`. */

import { Sql } from "@effect-carto/core/Sql"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { type AccountTable, accountTables, tableNames } from "../../accountTables.ts"
import { orWithoutCatalogs } from "../../closedCatalogs.ts"
import type { RowFormat } from "../../format/rowFormats.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { terminalWidth } from "../../terminalWidth.ts"
import * as bars from "./bars.ts"

export interface ListInput {
  readonly orderBy: "size" | "name" | "rows"
  readonly cartodbfied: Option.Option<boolean>
  readonly format: Option.Option<RowFormat>
}

const shape = Records.shape(["schema", "name", "kind", "size", "rows", "cartodbfied"])

export const run = Effect.fnUntraced(function* (input: ListInput) {
  const all = yield* withSession(
    Sql.layer(),
    Option.isSome(input.cartodbfied) ? accountTables : orWithoutCatalogs(tableNames)(accountTables)
  )
  if (!hasSizes(all)) {
    yield* Output.note("The key may not read the catalogs: the names are all that it is told.")
    return yield* Records.list(shape, Stream.fromIterable(all), input.format)
  }
  const tables = all
    .filter(({ cartodbfied }) => Option.getOrElse(input.cartodbfied, () => cartodbfied) === cartodbfied)
    .toSorted(orders[input.orderBy])
  const stdio = yield* Stdio.Stdio
  const isChart = (yield* stdio.stdoutIsTerminal) && Option.isNone(input.format) && !(yield* Records.isJson)
  if (!isChart) return yield* Records.list(shape, Stream.fromIterable(tables), input.format)
  yield* Output.lines(bars.lines(tables, (yield* terminalWidth) ?? 80))
})

const hasSizes = (tables: ReadonlyArray<{ readonly name: string }>): tables is ReadonlyArray<AccountTable> =>
  tables.every((table) => "size" in table)

const byName = (a: AccountTable, b: AccountTable): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

const orders = {
  name: byName,
  size: (a: AccountTable, b: AccountTable) => b.size - a.size || byName(a, b),
  rows: (a: AccountTable, b: AccountTable) => (b.rows ?? -1) - (a.rows ?? -1) || byName(a, b)
} as const
