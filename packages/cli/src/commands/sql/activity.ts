/** What the database does now, as `pg_stat_activity` lets a role see it. */
import { Sql } from "@effect-carto/core/Sql"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** A statement under way. */
export const Activity = Schema.Struct({
  /** The server process, which `pg_cancel_backend` takes. */
  pid: Schema.Int,
  role: Schema.NullOr(Schema.String),
  /** `active`, or `idle in transaction` between two statements of a transaction; null of others' roles. */
  state: Schema.NullOr(Schema.String),
  /** Since the statement began. */
  seconds: Schema.NullOr(Schema.Finite),
  started: Schema.NullOr(Schema.String),
  waits_for: Schema.NullOr(Schema.String),
  /** PostgreSQL keeps the first 1,024 bytes or so of it; of others' roles only that there is one. */
  query: Schema.NullOr(Schema.String)
})
export type Activity = typeof Activity.Type

/**
 * Not the question itself, nor what PostgreSQL hides: a role sees the statements of roles that it is a member of, and
 * `<insufficient privilege>` in the place of others.
 */
const question = `select pid, usename::text as role, state,
  extract(epoch from clock_timestamp() - query_start)::float8 as seconds,
  to_char(query_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as started,
  wait_event_type as waits_for, query
from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
  and state is not null and state not in ('idle', 'disabled') and query <> '<insufficient privilege>'
order by query_start`

export const activities = Effect.flatMap(Sql, (sql) =>
  Effect.map(sql.query(Activity)(sql.unsafe(question)), ({ rows }) => rows)
)
