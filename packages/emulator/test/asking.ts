/** Waiting for what the emulator does by itself. */
import { Clock, Effect } from "effect"

/** Of real time, for a test's own clock stands still. */
const moment = Effect.provideService(Effect.sleep("10 millis"), Clock.Clock, Clock.Clock.defaultValue())

/** Asks until the answer is the one that is waited for; not at once, or the questions would take the work's time. */
export const askUntil = <A, E, R>(ask: Effect.Effect<A, E, R>, is: (answer: A) => boolean): Effect.Effect<A, E, R> =>
  Effect.flatMap(ask, (answer) => (is(answer) ? Effect.succeed(answer) : Effect.andThen(moment, askUntil(ask, is))))
