/** Whether the rows of a table may have changed since another time. */
import { Sql } from "@effect-carto/core/Sql"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Counters = Schema.Struct({ isTable: Schema.Boolean, oid: Schema.String, counters: Schema.NullOr(Schema.String) })
const Seen = Schema.Struct({ seen: Schema.String })

export interface TableState {
  /** Not a view, nor a table of elsewhere. */
  readonly isTable: boolean
  /** Another text after every change. Undefined where nobody can know. */
  readonly version: string | undefined
}

/**
 * Of a table, quoted. The database looks through the rows for who wrote them, which is exact and sends nothing. For tables
 * that take longer than a query may, its counters stand in, which come some seconds behind. The server's own time of
 * change is of no use: it may miss what came by SQL.
 */
export const tableState = Effect.fnUntraced(function* (table: string) {
  const sql = yield* Sql
  const { rows } = yield* sql.query(Counters)`select c.relkind = 'r' as "isTable", c.oid::text as oid,
    case when current_setting('track_counts') = 'on' then concat_ws(' ', c.relfilenode, pg_table_size(c.oid),
      pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_updated(c.oid), pg_stat_get_tuples_deleted(c.oid))
    end as counters
    from pg_class c where c.oid = to_regclass(${table})`
  const [found] = rows
  if (found === undefined || !found.isTable) {
    const unknown: TableState = { isTable: found === undefined, version: undefined }
    return unknown
  }
  const seen = yield* sql
    .query(Seen)(sql.unsafe(`select concat_ws(' ', count(*), sum(xmin::text::int8)) as seen from ${table}`))
    .pipe(
      Effect.map(({ rows }) => rows[0]?.seen),
      Effect.catchIf(
        ({ reason }) => reason._tag === "StatementTimeoutError",
        () => Effect.succeed(found.counters ?? undefined)
      )
    )
  const state: TableState = { isTable: true, version: seen === undefined ? undefined : `${found.oid} ${seen}` }
  return state
})
