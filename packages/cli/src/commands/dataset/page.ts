/** A table and its dataset as a page for people. */
import type { DatasetColumn, DatasetDescription } from "@effect-carto/core/DatasetDescription"
import { pad, toCell, width } from "../../format/Cell.ts"
import * as Quantity from "../../format/Quantity.ts"

export const lines = (description: DatasetDescription, color: boolean): ReadonlyArray<string> => {
  const bold = (text: string) => (color ? `\x1b[1m${text}\x1b[0m` : text)
  const section = (title: string, rows: ReadonlyArray<ReadonlyArray<string>>) =>
    rows.length === 0 ? [] : ["", bold(`${title} (${rows.length})`), ...aligned(rows)]
  const { columns, constraints, dataset, indexes, triggers } = description
  return [
    bold(toCell(`${description.kind} ${description.schema}.${description.name}`)),
    ...(dataset?.description == null || dataset.description === "" ? [] : [toCell(dataset.description)]),
    "",
    ...aligned(facts(description)),
    ...section("columns", columns.map(column)),
    ...section(
      "indexes",
      indexes.map(({ definition, isPrimary, isUnique, isValid, name }) => [
        name,
        isPrimary ? "primary key" : isUnique ? "unique" : "",
        `${method(definition)}${isValid ? "" : ", not valid: make it again"}`
      ])
    ),
    ...section(
      "constraints",
      constraints.map(({ definition, name }) => [name, definition])
    ),
    ...section(
      "triggers",
      triggers.map(({ definition, isEnabled, name }) => [name, `${event(definition)}${isEnabled ? "" : ", disabled"}`])
    )
  ]
}

const facts = (description: DatasetDescription): ReadonlyArray<ReadonlyArray<string>> => {
  const { comment, dataset, estimatedRows, geometries, geometryTypes, owner, rows, size } = description
  return [
    ["rows", rowCount(rows, estimatedRows)],
    ["size", `${Quantity.bytes(size)}, with indexes`],
    ...geometries.map(({ column, srid, type }) => [
      "geometry",
      `${column}: ${type === "GEOMETRY" && column === "the_geom" && geometryTypes.length > 0 ? geometryTypes.join(", ") : type}, SRID ${srid}`
    ]),
    ["owner", owner],
    ...(dataset === undefined
      ? [["dataset", "none that this key may see; carto dataset list shows those that it may"]]
      : [
          ["privacy", dataset.privacy.toLowerCase()],
          ...(dataset.tags.length === 0 ? [] : [["tags", dataset.tags.join(", ")]]),
          ...(dataset.url === undefined ? [] : [["page", dataset.url]])
        ]),
    ...(comment === null ? [] : [["comment", comment]])
  ]
}

const rowCount = (rows: number | undefined, estimate: number | null): string => {
  if (rows !== undefined) return Quantity.count(rows)
  return estimate === null
    ? "never estimated; --count counts them"
    : `about ${Quantity.count(estimate)}; --count counts them`
}

const column = ({ comment, default: value, isNullable, name, type }: DatasetColumn): ReadonlyArray<string> => [
  name,
  type,
  [
    ...(isNullable ? [] : ["not null"]),
    ...(value === null ? [] : [`default ${value}`]),
    ...(comment === null ? [] : [`-- ${comment}`])
  ].join(" ")
]

/** `gist (the_geom)`: what stands before it repeats the names. */
const method = (definition: string): string => /\bUSING (.*)$/s.exec(definition)?.[1] ?? definition

/** `BEFORE INSERT OR UPDATE … EXECUTE FUNCTION f()`, without the names. */
const event = (definition: string): string =>
  /^CREATE (?:CONSTRAINT )?TRIGGER (?:"(?:[^"]|"")*"|\S+) (.*)$/s.exec(definition)?.[1] ?? definition

const aligned = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const cells = rows.map((row) => row.map(toCell))
  const widths = (cells[0] ?? []).map((_, index) => Math.max(...cells.map((row) => width(row[index] ?? ""))))
  return cells.map((row) => `  ${row.map((cell, index) => pad(cell, widths[index] ?? 0, "left")).join("  ")}`.trimEnd())
}
