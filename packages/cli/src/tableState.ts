/** Whether the rows of a table may have changed, without reading them. */
import { Sql } from "@effect-carto/core/Sql"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const State = Schema.Struct({ isTable: Schema.Boolean, counts: Schema.Boolean, state: Schema.String })

export interface TableState {
  /** Not a view, nor a table of elsewhere. */
  readonly isTable: boolean
  /**
   * Another text after every change: its file, its size, and what PostgreSQL has counted in it. The server's own time of
   * change may miss what came by SQL. Undefined for views, and where the database does not count.
   */
  readonly version: string | undefined
}

/** Of a table, quoted. */
export const tableState = Effect.fnUntraced(function* (table: string) {
  const sql = yield* Sql
  const { rows } = yield* sql.query(State)`select
    c.relkind = 'r' as "isTable", current_setting('track_counts') = 'on' as counts,
    concat_ws(' ', c.oid, c.relfilenode, pg_table_size(c.oid), pg_stat_get_tuples_inserted(c.oid),
      pg_stat_get_tuples_updated(c.oid), pg_stat_get_tuples_deleted(c.oid)) as state
    from pg_class c where c.oid = to_regclass(${table})`
  const [found] = rows
  const state: TableState = {
    isTable: found?.isTable ?? true,
    version: found?.isTable && found.counts ? found.state : undefined
  }
  return state
})
