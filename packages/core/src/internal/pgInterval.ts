/** The interval in the forms PostgreSQL and the SQL API write it. */
import * as Predicate from "effect/Predicate"
import { Interval } from "../Interval.ts"
import { PgTypeError } from "../PgTypeError.ts"

const postgresStyle =
  /^(?:([+-]?\d+) years? ?)?(?:([+-]?\d+) mons? ?)?(?:([+-]?\d+) days? ?)?(?:([+-])?(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/

/** The infinite intervals of PostgreSQL 17 stay text. */
export const intervalFromText = (text: string, column: string): Interval | string => {
  if (text === "infinity" || text === "-infinity") return text
  const m = text === "" ? null : postgresStyle.exec(text)
  if (m === null) {
    throw new PgTypeError({
      pgtype: "interval",
      column,
      reason: "expected PostgreSQL's own style; the session's IntervalStyle must be postgres"
    })
  }
  const clock = BigInt(m[5] ?? 0) * 3600n + BigInt(m[6] ?? 0) * 60n + BigInt(m[7] ?? 0)
  const microseconds = clock * 1_000_000n + BigInt((m[8] ?? "").padEnd(6, "0"))
  return new Interval({
    months: Number(m[1] ?? 0) * 12 + Number(m[2] ?? 0),
    days: Number(m[3] ?? 0),
    microseconds: m[4] === "-" ? -microseconds : microseconds
  })
}

/** The SQL API writes the parts that are not zero, milliseconds with the microseconds as their fraction. */
export const intervalFromJson = (value: unknown, column: string): Interval => {
  if (!Predicate.isObject(value)) {
    throw new PgTypeError({ pgtype: "interval", column, reason: "expected an object of interval parts" })
  }
  const part = (name: string): number => {
    const n = value[name]
    return typeof n === "number" ? n : 0
  }
  const seconds = (part("hours") * 60 + part("minutes")) * 60 + part("seconds")
  return new Interval({
    months: part("years") * 12 + part("months"),
    days: part("days"),
    microseconds: BigInt(seconds) * 1_000_000n + BigInt(Math.round(part("milliseconds") * 1000))
  })
}
