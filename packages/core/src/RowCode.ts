/** TypeScript for the rows of tables: schemas of the values that `Sql` and `SqlCopy` give, for a program to be checked against. */
import type { Column } from "./PgTypes.ts"

/** A column to write down, as PostgreSQL knows it. */
export interface RowColumn extends Column {
  readonly isNullable: boolean
  /** Becomes the comment of its field. */
  readonly comment?: string | null | undefined
}

export interface RowTable {
  readonly name: string
  readonly columns: ReadonlyArray<RowColumn>
}

/**
 * A module with a schema and its type for each table, named after it in PascalCase. Instants are `Schema.DateTimeUtc` and
 * arrays have one dimension: a row with `infinity`, or with an array of more, then fails to decode and names its column.
 */
export const ofTables = (tables: ReadonlyArray<RowTable>): string => {
  const taken = new Set<string>(reserved)
  const schemas = tables.map((table) => schemaOf(table, freeName(table.name, taken)))
  const used = imported.filter((name) => schemas.some(({ uses }) => uses.has(name)))
  const imports = used.length === 0 ? "" : `import { ${used.join(", ")} } from "@effect-carto/core"\n`
  return `${imports}import * as Schema from "effect/Schema"\n\n${schemas.map(({ text }) => text).join("\n")}`
}

const imported = ["Geometry", "Interval"]

/** Names that the module uses itself. */
const reserved = ["Schema", ...imported]

const freeName = (table: string, taken: Set<string>): string => {
  const base = pascalCase(table)
  let name = base
  for (let i = 2; taken.has(name); i++) name = `${base}${i}`
  taken.add(name)
  return name
}

/** A word that begins with a letter, for any text. */
const pascalCase = (text: string): string => {
  const words = text.split(/[^\p{ID_Continue}]+|_+/u).filter((word) => word !== "")
  const name = words.map((word) => word.replace(/^./u, (letter) => letter.toUpperCase())).join("")
  return /^\p{ID_Start}/u.test(name) ? name : `Table${name}`
}

const schemaOf = ({ columns, name: table }: RowTable, name: string) => {
  const uses = new Set<string>()
  const fields = columns.map((column) => {
    const { is, type } = columnType(column.pgtype)
    if (is !== undefined) uses.add(is)
    const about = column.comment == null ? "" : `  /** ${commentText(column.comment)} */\n`
    return `${about}  ${fieldName(column.name)}: ${column.isNullable ? nullOr(type) : type}`
  })
  const text = `/** A row of \`${commentText(table)}\`. */
export const ${name} = Schema.Struct({
${fields.join(",\n")}
})
export type ${name} = typeof ${name}.Type
`
  return { text, uses }
}

/** JSON has a null of its own. */
const nullOr = (type: string): string => (type === json ? type : `Schema.NullOr(${type})`)

/** In a comment nothing may end it. */
const commentText = (text: string): string => text.replaceAll("*/", "*\\/").replace(/\s+/g, " ").trim()

/** In an object, `__proto__` would be no field of it. */
const fieldName = (name: string): string =>
  name === "__proto__" ? '["__proto__"]' : /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)

const json = "Schema.Json"

/** The value of each type is that of `PgTypes`; every type without an entry is PostgreSQL's text. */
const scalars: ReadonlyMap<string, string> = new Map([
  ["int2", "Schema.Int"],
  ["int4", "Schema.Int"],
  ["oid", "Schema.Int"],
  // NaN and the infinities are values of these.
  ["float4", "Schema.Number"],
  ["float8", "Schema.Number"],
  ["int8", "Schema.BigInt"],
  ["bool", "Schema.Boolean"],
  ["timestamp", "Schema.DateTimeUtc"],
  ["timestamptz", "Schema.DateTimeUtc"],
  ["interval", "Interval"],
  ["json", json],
  ["jsonb", json],
  ["bytea", "Schema.Uint8Array"],
  ["geometry", "Geometry"],
  ["geography", "Geometry"],
  ["point", "Schema.Struct({ x: Schema.Number, y: Schema.Number })"]
])

const columnType = (pgtype: string): { readonly type: string; readonly is: string | undefined } => {
  const name = pgtype.toLowerCase()
  const isArray = name.startsWith("_")
  const scalar = scalars.get(isArray ? name.slice(1) : name) ?? "Schema.String"
  return {
    type: isArray ? `Schema.Array(${nullOr(scalar)})` : scalar,
    is: imported.find((one) => one === scalar)
  }
}
