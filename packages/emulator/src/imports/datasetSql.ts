/** The statements that make a dataset of staged rows. */
import { quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import type { Georeference } from "./georeference.ts"
import { columnNames } from "./names.ts"
import type { Staged } from "./Staged.ts"

/** The SQLSTATE that `datasetSql` raises for a `cartodb_id` which cannot be the key. */
export const unusableKey = "CDB11"

const geometryColumns = ["the_geom", "the_geom_webmercator"]

// The table is made in its final shape, so that cartodbfying need not write it once more.
const shape = (
  target: string,
  staged: Staged,
  georeferenced: Georeference | undefined,
  reserved: ReadonlySet<string>
) => {
  const columns = staged.columns.filter(
    (column) => column !== georeferenced?.source && column.name.toLowerCase() !== "the_geom_webmercator"
  )
  const wanted = columns.map(({ name }) => (name.toLowerCase() === "the_geom" ? "invalid_the_geom" : name))
  const names = columnNames(wanted, reserved, geometryColumns)
  const key = columns.find((_, index) => names[index] === "cartodb_id")
  const others = columns.flatMap((column, index) =>
    column === key ? [] : [{ name: quoteIdentifier(names[index] ?? ""), expression: column.expression }]
  )
  const made = [
    "cartodb_id",
    "the_geom",
    "cartodb.cdb_transformtowebmercator(the_geom)::public.geometry(Geometry, 3857)"
  ]
  const read = [
    `(${key?.expression ?? "row_number() over ()"})::bigint as cartodb_id`,
    `(${staged.geometry ?? georeferenced?.geometry ?? "null"})::public.geometry(Geometry, 4326) as the_geom`,
    ...others.map(({ expression, name }) => `${expression} as ${name}`)
  ]
  return {
    hasUnusableKey: key !== undefined && !/^(?:integer|bigint|smallint)$/.test(key.type),
    sql: `create table ${target} (${["cartodb_id", ...geometryColumns, ...others.map(({ name }) => name)].join(", ")})
  as select ${[...made, ...others.map(({ name }) => name)].join(", ")}
  from (select ${read.join(", ")} from ${staged.relation} offset 0) as _rows`
  }
}

/**
 * All of it as one transaction, run by the superuser: what stands in the way goes only if the rest succeeds.
 *
 * `undefined` when the staged rows have a `cartodb_id` of which nothing can be made.
 */
export const datasetSql = (options: {
  readonly name: string
  /** The schema of the user's tables, and who owns them. */
  readonly schema: string
  readonly role: string
  readonly staged: Staged
  readonly georeference: Georeference | undefined
  readonly reserved: ReadonlySet<string>
  /** Whether a table of that name is to be replaced, and what others may do with it. */
  readonly replaced: ReadonlyArray<string> | undefined
}): string | undefined => {
  const target = `${quoteIdentifier(options.schema)}.${quoteIdentifier(options.name)}`
  const { hasUnusableKey, sql } = shape(target, options.staged, options.georeference, options.reserved)
  if (hasUnusableKey) return undefined
  return [
    ...(options.replaced === undefined ? [] : [`drop table ${target}`]),
    sql,
    `do $do$ begin
  if not cartodb._cdb_usablekey(${quoteLiteral(target)}::regclass) then
    raise exception 'invalid cartodb_id' using errcode = '${unusableKey}';
  end if;
end $do$`,
    `alter table ${target} owner to ${quoteIdentifier(options.role)}`,
    `set role ${quoteIdentifier(options.role)}`,
    `select cartodb.cdb_cartodbfytable(${quoteLiteral(options.schema)}, ${quoteLiteral(target)}::regclass)`,
    ...(options.replaced ?? []),
    "reset role"
  ].join(";\n")
}
