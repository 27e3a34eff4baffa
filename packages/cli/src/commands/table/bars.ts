/** Sizes as bars that fit the terminal. */
import type { AccountTable } from "../../accountTables.ts"
import { cut, pad, toCell, width } from "../../format/Cell.ts"
import * as Quantity from "../../format/Quantity.ts"

const gap = "  "
const leastBar = 10

/** Eighths of a character, so that small differences are seen. */
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const

export const lines = (tables: ReadonlyArray<AccountTable>, columns: number): ReadonlyArray<string> => {
  if (tables.length === 0) return ["No tables."]
  const cells = tables.map((table) => ({
    name: toCell(label(table)),
    mark: table.cartodbfied ? "" : "no dataset",
    rows: table.rows === null ? "" : `~${Quantity.rows(table.rows)}`,
    size: Quantity.bytes(table.size)
  }))
  const widest = (member: "name" | "mark" | "rows" | "size") => Math.max(...cells.map((cell) => width(cell[member])))
  const others = widest("mark") + widest("rows") + widest("size") + 4 * gap.length
  const nameWidth = Math.max(12, Math.min(widest("name"), columns - others - leastBar))
  const barWidth = Math.max(leastBar, columns - others - nameWidth)
  const largest = Math.max(...tables.map(({ size }) => size), 1)
  const total = tables.reduce((sum, { size }) => sum + size, 0)
  return [
    ...cells.map(({ mark, name, rows, size }, index) =>
      [
        pad(cut(name, nameWidth), nameWidth, "left"),
        pad(size, widest("size"), "right"),
        pad(bar((tables[index]?.size ?? 0) / largest, barWidth), barWidth, "left"),
        pad(rows, widest("rows"), "right"),
        mark
      ]
        .join(gap)
        .trimEnd()
    ),
    "",
    `${Quantity.count(tables.length)} ${tables.length === 1 ? "table" : "tables"}, ${Quantity.bytes(total)} with indexes; ${Quantity.count(tables.filter(({ cartodbfied }) => cartodbfied).length)} can be datasets`
  ]
}

const label = ({ kind, name, schema }: AccountTable): string =>
  `${schema === "public" ? "" : `${schema}.`}${name}${kind === "table" ? "" : ` (${kind})`}`

/** Never nothing for something. */
const bar = (share: number, columns: number): string => {
  const parts = Math.max(share > 0 ? 1 : 0, Math.round(share * columns * 8))
  return "█".repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? "")
}
