/** What tests of waiting have in common: a rhythm without jitter, and when was asked. */
import { Effect, Random } from "effect"
import { TestClock } from "effect/testing"
import { seen } from "./platform.ts"

/** Method and time of each request. */
export const times = Effect.map(seen, (all) => all.map(({ at, method }) => [method, at]))

/** Pauses are what they are without jitter. */
export const steady = Effect.provideService(Random.Random, { nextDoubleUnsafe: () => 0.5, nextIntUnsafe: () => 0 })

/** Starts it, and lets it come to its first pause. */
export const fork = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  // Streams with a deadline run in a fiber of their own, whose first sleep begins a moment later.
  Effect.tap(Effect.forkChild(steady(effect)), () => TestClock.adjust(0))
