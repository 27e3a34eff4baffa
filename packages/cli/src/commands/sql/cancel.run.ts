/** The work of `carto sql cancel`. */
import { Sql } from "@effect-carto/core/Sql"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { failure } from "../../CommandError.ts"
import { guard } from "../../DryRun.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { type Activity, activities } from "./activity.ts"

const shape = Records.shape(["pid", "stopped", "query"])

const Answer = Schema.Struct({ told: Schema.Boolean })

export const run = ({ pid }: { readonly pid: number }) =>
  Records.changed(shape, withSession(Sql.layer(), cancel(pid)), ({ stopped }) =>
    stopped
      ? `cancelled the statement of ${pid}`
      : `told ${pid} to stop, and it still runs; look again with carto sql running`
  )

const cancel = Effect.fnUntraced(function* (pid: number) {
  const before = yield* find(pid)
  if (before === undefined) {
    return yield* failure(
      `No statement that this key may see runs as ${pid}.`,
      "It may have ended; carto sql running lists those that run."
    )
  }
  // A query to PostgreSQL, and a change all the same.
  yield* guard(`cancel the statement of ${pid}: ${before.query}`)(tell(pid))
  const after = yield* Effect.repeat(find(pid), {
    until: (now) => !isSame(before, now),
    schedule: Schedule.spaced("200 millis").pipe(Schedule.upTo({ times: 10 }))
  })
  return { pid, stopped: !isSame(before, after), query: before.query }
})

const find = (pid: number) => Effect.map(activities, (all) => all.find((one) => one.pid === pid))

/** A process may be at its next statement already. */
const isSame = (before: Activity, now: Activity | undefined): boolean => now?.started === before.started

const tell = Effect.fnUntraced(function* (pid: number) {
  const sql = yield* Sql
  const { rows } = yield* sql.query(Answer)`select pg_cancel_backend(${pid}) as told`
  if (rows[0]?.told !== true) {
    return yield* failure(`PostgreSQL did not reach ${pid}.`, "The statement has ended meanwhile.")
  }
})
