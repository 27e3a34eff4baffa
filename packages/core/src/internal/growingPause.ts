/** Pauses of who asks again and again: short at first, then ever longer. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

const growth = 1.5

/**
 * Milliseconds before the question of this number, from 0: whole ones, jittered by a fifth, so that many waiters do not
 * ask at once; never above the longest.
 */
export const growingPause =
  (first: number, longest: number) =>
  (questions: number): Effect.Effect<number> =>
    Effect.map(Random.nextBetween(0.8, 1.2), (jitter) =>
      Math.min(longest, Math.round(first * growth ** Math.min(questions, 20) * jitter))
    )
