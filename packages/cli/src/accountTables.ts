/** The tables of the account's database, datasets or not. */
import { Sql } from "@effect-carto/core/Sql"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const AccountTable = Schema.Struct({
  schema: Schema.String,
  name: Schema.String,
  kind: Schema.Literals(["table", "materialized view", "foreign table"]),
  /** Bytes, with indexes. */
  size: Schema.Finite,
  /** The planner's estimate. */
  rows: Schema.NullOr(Schema.Finite),
  /** With the columns that datasets have. */
  cartodbfied: Schema.Boolean
})
export type AccountTable = typeof AccountTable.Type

/** What the key may read, without what belongs to CARTO and to extensions. */
export const accountTables = Effect.gen(function* () {
  const sql = yield* Sql
  const { rows } = yield* sql.query(AccountTable)`
    select n.nspname::text as schema, c.relname::text as name,
      case c.relkind when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end as kind,
      pg_total_relation_size(c.oid)::float8 as size,
      case when c.reltuples > 0 or c.relpages > 0 then c.reltuples::float8 end as rows,
      3 = (select count(*) from pg_attribute a where a.attrelid = c.oid and not a.attisdropped
        and a.attname in ('cartodb_id', 'the_geom', 'the_geom_webmercator')) as cartodbfied
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm', 'f') and c.relpersistence <> 't'
      and n.nspname !~ '^(pg_|cdb_|cartodb|carto_|tiger|topology$|information_schema$|observatory|aggregation$)'
      and c.relname not in ('cdb_tablemetadata', 'spatial_ref_sys')
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
      and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')`
  return rows
})

const Name = Schema.Struct({ name: Schema.String })

/** Their names alone, for every key: CARTO's own function tells it of the tables that it may read. */
export const tableNames = Effect.gen(function* () {
  const sql = yield* Sql
  const { rows } = yield* sql.query(Name)`select name::text from CDB_UserTables() as name order by name`
  return rows
})
