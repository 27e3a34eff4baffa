/** Durations for people: nobody waits for nanoseconds. */
import * as Duration from "effect/Duration"

/** Rounded up to whole milliseconds. */
export const inWords = (duration: Duration.Duration): string =>
  Duration.format(Duration.millis(Math.ceil(Duration.toMillis(duration))))
