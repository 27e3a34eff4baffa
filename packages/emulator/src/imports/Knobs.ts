/** What tests may set of imports: slots, how long each state lasts, and what fails. */
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type { Import, State } from "./Import.ts"

/** A failure that an import is to meet. */
export interface PlannedFailure {
  /** The state it happens in; `importing` unless told. An import that never gets there fails at its end. */
  readonly state?: State | undefined
  /** How it ends; `failure` unless told. */
  readonly as?: "failure" | "stuck" | undefined
  /** The next so many imports; 1 unless told. */
  readonly times?: number | undefined
}

/** What only the owner of an emulator may do with its imports. */
export interface ImportKnobs {
  /** Imports that may be under way at once; further ones are refused with 429. None at 0. */
  readonly setSlots: (slots: number) => Effect.Effect<void>
  /**
   * How often each state must have been asked for before an import goes on; 0 for the ones not told.
   *
   * `Infinity` holds it until the knob is set anew. Only with `enqueued` does an import begin in that state.
   */
  readonly setPolls: (polls: Partial<Readonly<Record<State, number>>>) => Effect.Effect<void>
  /** Lets the next import, or several, fail with a code of CARTO's. */
  readonly failNext: (code: number, options?: PlannedFailure) => Effect.Effect<void>
}

/** The state of the knobs, as imports look at it. */
export interface Knobs extends ImportKnobs {
  readonly slots: () => number
  /** Returns when the import's state was asked for as often as is wanted. */
  readonly hold: (one: Import) => Effect.Effect<void>
  /** Counts one question for an import's state. */
  readonly seen: (one: Import) => void
  /** Takes the failure that is meant for the next import. */
  readonly takeFailure: () => (PlannedFailure & { readonly code: number }) | undefined
  readonly startsEnqueued: () => boolean
}

interface Held {
  readonly state: State
  readonly latch: Latch.Latch
  seen: number
}

export const make = (initialSlots: number): Knobs => {
  let slots = initialSlots
  let polls: Partial<Readonly<Record<State, number>>> = {}
  const planned: Array<PlannedFailure & { readonly code: number }> = []
  const held = new Map<Import, Held>()
  const release = ({ latch, seen, state }: Held) => {
    if (seen >= (polls[state] ?? 0)) latch.openUnsafe()
  }
  return {
    slots: () => slots,
    startsEnqueued: () => (polls.enqueued ?? 0) > 0,
    setSlots: (value) =>
      Effect.sync(() => {
        slots = value
      }),
    setPolls: (value) =>
      Effect.sync(() => {
        polls = value
        for (const one of held.values()) release(one)
      }),
    failNext: (code, options = {}) =>
      Effect.sync(() => {
        for (let time = 0; time < (options.times ?? 1); time++) planned.push({ ...options, code })
      }),
    takeFailure: () => planned.shift(),
    hold: (one) =>
      Effect.suspend(() => {
        const own: Held = { state: one.state, latch: Latch.makeUnsafe(false), seen: 0 }
        held.set(one, own)
        release(own)
        return Effect.ensuring(
          own.latch.await,
          Effect.sync(() => held.delete(one))
        )
      }),
    seen: (one) => {
      const own = held.get(one)
      if (own === undefined) return
      own.seen += 1
      release(own)
    }
  }
}
