/** Tells the states of a run on standard error. */
import { Synchronizations, type SynchronizationTarget } from "@effect-carto/core/Synchronizations"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Quantity from "../../format/Quantity.ts"
import * as Output from "../../Output.ts"

/** Fails unless the run is a success. */
export const follow = Effect.fnUntraced(function* (label: string, target: SynchronizationTarget) {
  const synchronizations = yield* Synchronizations
  yield* Stream.runForEach(synchronizations.watch(target), ({ elapsed, value }) =>
    Output.note(`${label} ${value.import?.state ?? value.synchronization.state} (${Quantity.duration(elapsed)})`)
  )
  return yield* synchronizations.wait(target)
})
