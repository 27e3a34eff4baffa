/** Tells the states of a run on standard error. */
import * as Synchronization from "@effect-carto/core/Synchronization"
import { Synchronizations, type SynchronizationTarget } from "@effect-carto/core/Synchronizations"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Quantity from "../../format/Quantity.ts"
import * as Output from "../../Output.ts"

/** The first import knows more of its way, but is not asked any more once the synchronization knows its end. */
const describe = ({ import: first, synchronization }: Synchronization.SynchronizationRun): string =>
  Synchronization.isOver(synchronization) ? synchronization.state : (first?.state ?? synchronization.state)

/** Fails unless the run is a success. */
export const follow = Effect.fnUntraced(function* (label: string, target: SynchronizationTarget) {
  const synchronizations = yield* Synchronizations
  const id = typeof target === "string" ? target : target.id
  return yield* Stream.runForEach(synchronizations.watch(target), ({ elapsed, value }) =>
    Output.note(`${label} ${describe(value)} (${Quantity.duration(elapsed)})`)
  ).pipe(
    Effect.andThen(synchronizations.wait(target)),
    // The server cannot stop a run.
    Effect.onInterrupt(() => Output.note(`${label} goes on; carto synchronization get ${id} shows how it is`))
  )
})
