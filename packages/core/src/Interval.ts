/** PostgreSQL's interval: months, days and microseconds are kept apart, because a month has no fixed length. */
import * as Schema from "effect/Schema"

const pad = (n: bigint): string => n.toString().padStart(2, "0")

const clock = (microseconds: bigint): string => {
  const abs = microseconds < 0n ? -microseconds : microseconds
  const seconds = abs / 1_000_000n
  const fraction = (abs % 1_000_000n).toString().padStart(6, "0")
  return `${microseconds < 0n ? "-" : ""}${seconds / 3600n}:${pad((seconds / 60n) % 60n)}:${pad(seconds % 60n)}.${fraction}`
}

/** An interval exactly as PostgreSQL stores it; the three parts may differ in sign. */
export class Interval extends Schema.Class<Interval>("carto/Interval")({
  months: Schema.Int,
  days: Schema.Int,
  microseconds: Schema.BigInt
}) {
  /** The text PostgreSQL reads back as this interval, whatever `IntervalStyle` says. */
  override toString(): string {
    return `${this.months} mons ${this.days} days ${clock(this.microseconds)}`
  }
}
