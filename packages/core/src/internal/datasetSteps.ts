/** The SQL that brings rows into a table through a staging table, as text. */
import type { LoadMode, LoadStep } from "../DatasetLoad.ts"
import * as Literal from "../Literal.ts"

export interface Move {
  /** Quoted. */
  readonly target: string
  /** Quoted. */
  readonly staging: string
  /** Of the staging table. */
  readonly columns: ReadonlyArray<string>
  /** Those of them that go into the target. */
  readonly moved: ReadonlyArray<string>
  /** Those of them whose sequences must not give the same numbers again. */
  readonly serials: ReadonlyArray<string>
  readonly mode: LoadMode
  readonly allowEmpty: boolean
}

export const keyOf = (mode: LoadMode): ReadonlyArray<string> =>
  typeof mode === "string" ? [] : typeof mode.upsert === "string" ? [mode.upsert] : mode.upsert

const names = (columns: ReadonlyArray<string>): string => columns.map(Literal.identifier).join(", ")
const of = (alias: string, columns: ReadonlyArray<string>): string =>
  columns.map((column) => `${alias}.${Literal.identifier(column)}`).join(", ")

/** A block whose text may hold any name: the tag around it is one that does not occur in it. */
const block = (body: string): string => {
  let tag = "$carto$"
  for (let i = 1; body.includes(tag); i++) tag = `$carto${i}$`
  return `do ${tag}\n${body}\n${tag}`
}

/** The columns with the target's types, and none of its rows, constraints or triggers. */
export const stage = ({ columns, staging, target }: Move): LoadStep => ({
  purpose: "make a staging table",
  sql: `create table ${staging} as select ${names(columns)} from ${target} limit 0`
})

/** Rows of a table or query. Its columns are asked for by name, whatever their order. */
export const fill = (table: string, columns: ReadonlyArray<string>, from: string): LoadStep => ({
  purpose: "load the rows",
  sql: `insert into ${table} (${names(columns)}) select ${names(columns)} from ${from}`
})

/** Rows of bytes, all or none. */
export const copyInto = (table: string, columns: ReadonlyArray<string>, clause: string): LoadStep => ({
  purpose: "load the data",
  sql: `COPY ${table} (${names(columns)}) FROM STDIN ${clause}`
})

/**
 * Everything or nothing. Readers see the old rows until its end: DELETE lets them, TRUNCATE would lock them out. Writers
 * wait, so that what they write is not lost between the statements.
 */
export const move = (move: Move): LoadStep => ({
  purpose: {
    replace: "swap the rows",
    append: "add the rows",
    upsert: "change and add rows"
  }[typeof move.mode === "string" ? move.mode : "upsert"],
  sql: [...statements(move), ...move.serials.map((column) => raise(move, column)), `drop table ${move.staging}`].join(
    ";\n"
  )
})

const statements = (move: Move): ReadonlyArray<string> => {
  const lock = `lock table ${move.target} in share row exclusive mode`
  if (move.mode === "append") return [insertAll(move)]
  if (move.mode === "replace") return [lock, guard(move), `delete from ${move.target}`, insertAll(move)]
  return [lock, upsert(move, keyOf(move.mode))]
}

export const hasTriggers = "a trigger of the table may keep rows back"

/**
 * Fails where the table has triggers of its own, beside CARTO's, that can drop a new row without a word. A block may look
 * into the catalogs with every key; a query may not.
 */
export const watchTriggers = (target: string): string =>
  block(
    `begin
  if exists (
    select 1 from pg_catalog.pg_trigger
    where tgrelid = ${Literal.encodeUnsafe(target)}::regclass and not tgisinternal and tgenabled <> 'D' and tgtype & 7 = 7
      and tgname not in ('update_the_geom_webmercator_trigger', 'test_quota_per_row')
  ) then
    raise exception '${hasTriggers}';
  end if;
end`
  )

/** Deleting must not reach the rows of other tables. */
const guard = ({ allowEmpty, staging, target }: Move): string =>
  block(
    `begin
  if exists (
    select 1 from pg_catalog.pg_constraint
    where confrelid = ${Literal.encodeUnsafe(target)}::regclass and contype = 'f' and confdeltype in ('c', 'n', 'd')
  ) then
    raise exception 'a foreign key would delete or change rows of another table with these'
      using hint = 'Drop the foreign key, or let it refuse.';
  end if;${
    allowEmpty
      ? ""
      : `
  if not exists (select 1 from ${staging}) then
    raise exception 'the new data has no rows' using hint = 'Set allowEmpty to leave the dataset empty.';
  end if;`
  }
end`
  )

/** A trigger of the table could keep rows back without a word. */
const insertAll = ({ moved, staging, target }: Move): string =>
  block(
    `declare
  moved bigint;
  expected bigint := (select count(*) from ${staging});
begin
  insert into ${target} (${names(moved)}) select ${names(moved)} from ${staging};
  get diagnostics moved = row_count;
  if moved <> expected then
    raise exception '% of % rows arrived', moved, expected using hint = 'Look at the triggers of the table.';
  end if;
end`
  )

/** Works with and without a unique index on the key. */
const upsert = ({ moved, staging, target }: Move, key: ReadonlyArray<string>): string => {
  const others = moved.filter((column) => !key.includes(column))
  const isSame = key.map((column) => `t.${Literal.identifier(column)} = s.${Literal.identifier(column)}`).join(" and ")
  const isLacking = key.map((column) => `${Literal.identifier(column)} is null`).join(" or ")
  const change =
    others.length === 0
      ? `changed := (select count(*) from ${target} t join ${staging} s on ${isSame});`
      : `update ${target} t set ${others.map((column) => `${Literal.identifier(column)} = s.${Literal.identifier(column)}`).join(", ")}
  from ${staging} s where ${isSame};
  get diagnostics changed = row_count;`
  return block(
    `declare
  changed bigint;
  added bigint;
  expected bigint := (select count(*) from ${staging});
begin
  if exists (select 1 from ${staging} where ${isLacking}) then
    raise exception 'a row of the new data has no key' using hint = 'Fill the key, or append these rows.';
  end if;
  if exists (select 1 from ${staging} group by ${names(key)} having count(*) > 1) then
    raise exception 'two rows of the new data have the same key' using hint = 'Keep one of them, or use more columns as the key.';
  end if;
  ${change}
  insert into ${target} (${names(moved)}) select ${of("s", moved)} from ${staging} s
  where not exists (select 1 from ${target} t where ${isSame});
  get diagnostics added = row_count;
  if changed + added <> expected then
    raise exception '% rows would change and % be added by % new ones', changed, added, expected
      using hint = 'Use a key that tells the rows of the dataset apart.';
  end if;
end`
  )
}

/** Only upwards: a sequence is not set back when the transaction fails. */
const raise = ({ target }: Move, column: string): string => {
  const sequence = `pg_get_serial_sequence(${Literal.encodeUnsafe(target)}, ${Literal.encodeUnsafe(column)})`
  return `select setval(${sequence}, greatest(nextval(${sequence}), (select max(${Literal.identifier(column)}) from ${target})))`
}
