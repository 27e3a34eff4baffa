/** What the doctor asks the server, one question after the other. */
import type { ApiKeyCheck } from "@effect-carto/core/ApiKeys"
import { ApiKeys } from "@effect-carto/core/ApiKeys"
import { CartoClient, type Received } from "@effect-carto/core/CartoClient"
import type { CartoError } from "@effect-carto/core/CartoError"
import { Sql } from "@effect-carto/core/Sql"
import { Users } from "@effect-carto/core/Users"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { inWords } from "../../abilities.ts"
import * as Quantity from "../../format/Quantity.ts"
import * as Finding from "./Finding.ts"

/** How an effect went, and how long it took. */
const timed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const start = yield* Clock.currentTimeMillis
    const result = yield* Effect.result(effect)
    const took = Duration.millis((yield* Clock.currentTimeMillis) - start)
    return { result, took: Quantity.duration(took) }
  })

/** The key and the application that keeps it: datasets, imports, keys, users. */
export const key = (hasKey: boolean) =>
  Effect.gen(function* () {
    const keys = yield* ApiKeys
    const { result, took } = yield* timed(keys.check())
    if (Result.isFailure(result)) return [Finding.failed("platform", result.failure)]
    return [Finding.ok("platform", `answered in ${took}`), ofKey(result.success, hasKey)]
  })

const ofKey = (check: ApiKeyCheck, hasKey: boolean): Finding.Finding => {
  if (check._tag === "Refused") {
    return Finding.problem("key", `refused: ${check.message}`, "Save a good one with carto auth login.")
  }
  if (!hasKey) {
    return Finding.warning("key", "none, so that only public data is seen", "Save one with carto auth login.")
  }
  const kind = [check.type, check.name].filter((part) => part !== undefined).join(" key ")
  const may = check.abilities === undefined ? "what it may do nobody can tell" : `may do: ${inWords(check.abilities)}`
  return Finding.ok("key", `${kind === "" ? "good" : kind}; ${may}`)
}

/** The SQL API, whose answer also tells the server's clock and the limits. */
export const sql = Effect.gen(function* () {
  const client = yield* CartoClient
  const request = HttpClientRequest.get("/api/v2/sql", { urlParams: { q: "select 1 as works" } })
  const { result, took } = yield* timed(client.bytes("doctor", request, { group: "query" }))
  if (Result.isFailure(result)) {
    const { failure } = result
    // What is wrong with the key is said once.
    return failure.reason._tag === "AuthError"
      ? [Finding.ok("sql", `answered in ${took}, and refused the key`)]
      : [Finding.failed("sql", failure)]
  }
  const now = yield* Clock.currentTimeMillis
  return [Finding.ok("sql", `answered in ${took}`), ...clock(result.success, now), limits(result.success)]
})

const patience = Duration.toMillis("30 seconds")

/** Whole seconds, and the answer's way here, are lost on such a comparison. */
const clock = ({ headers }: Received, now: number): ReadonlyArray<Finding.Finding> => {
  const server = Date.parse(headers.date ?? "")
  if (Number.isNaN(server)) return []
  const difference = now - server
  const amount = Quantity.duration(Duration.millis(Math.abs(difference)))
  return Math.abs(difference) <= patience
    ? [Finding.ok("clock", "agrees with the server's")]
    : [
        Finding.warning(
          "clock",
          `${amount} ${difference > 0 ? "ahead of" : "behind"} the server's`,
          "Set this machine's clock: pauses that the server asks for, and ages that are printed, are wrong by as much."
        )
      ]
}

const limits = ({ headers }: Received): Finding.Finding => {
  const limit = headers["carto-rate-limit-limit"]
  if (limit === undefined) return Finding.ok("limits", "the server tells of none for queries")
  const left = headers["carto-rate-limit-remaining"] ?? "?"
  const reset = headers["carto-rate-limit-reset"] ?? "?"
  return Finding.ok("limits", `queries: ${left} of ${limit} at once left, all again in ${reset} s`)
}

const Versions = Schema.Struct({ postgres: Schema.String, postgis: Schema.NullOr(Schema.String) })

export const versions = Effect.gen(function* () {
  const sql = yield* Sql
  const read = sql.query(Versions)`select current_setting('server_version') as postgres,
    (select extversion from pg_extension where extname = 'postgis') as postgis`
  const first = Effect.map(read, ({ rows }) => Option.fromNullishOr(rows[0]))
  return yield* optional(first, (row) =>
    Option.match(row, {
      onNone: () => [],
      onSome: ({ postgis, postgres }) => [
        Finding.ok("database", `PostgreSQL ${postgres}${postgis === null ? "" : `, PostGIS ${postgis}`}`)
      ]
    })
  )
})

/** Writes fail when it is full, with words that do not always say so. */
export const storage = Effect.gen(function* () {
  const users = yield* Users
  return yield* optional(users.storage, ({ quota, used }) => {
    const message = `${Quantity.bytes(used)} of ${Quantity.bytes(quota)} used`
    const advice = "Delete datasets, or ask for more storage."
    if (quota <= 0 || used < 0.9 * quota) return [Finding.ok("storage", quota <= 0 ? "without a limit" : message)]
    return [used < quota ? Finding.warning("storage", message, advice) : Finding.problem("storage", message, advice)]
  })
})

const Staging = Schema.Struct({ name: Schema.String, size: Schema.Finite })

/** Whoever is killed while rows are loaded cannot clean up. */
export const leftovers = Effect.gen(function* () {
  const sql = yield* Sql
  const read = sql.query(Staging)`select relname as name, pg_total_relation_size(oid)::float8 as size from pg_class
    where relname ~ '^carto_staging_[0-9a-z_]+$' and relkind = 'r' and relnamespace = current_schema()::regnamespace
    order by relname`
  return yield* optional(read, ({ rows }) => {
    if (rows.length === 0) return []
    const size = Quantity.bytes(rows.reduce((total, row) => total + row.size, 0))
    const names = rows.map(({ name }) => name).join(", ")
    return [
      Finding.warning(
        "leftovers",
        `${size} in tables of loads that were killed, or that run now: ${names}`,
        "If nothing is being loaded, drop them with carto sql query 'drop table …'."
      )
    ]
  })
})

/** Keys that may not ask, and servers that cannot tell, are no problem. */
const optional = <A, R>(
  read: Effect.Effect<A, CartoError, R>,
  tell: (value: A) => ReadonlyArray<Finding.Finding>
): Effect.Effect<ReadonlyArray<Finding.Finding>, never, R> =>
  Effect.map(Effect.result(read), (result) => (Result.isSuccess(result) ? tell(result.success) : []))
