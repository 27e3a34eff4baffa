/** The synchronization that a person means. */
import * as Synchronization from "@effect-carto/core/Synchronization"
import { Synchronizations } from "@effect-carto/core/Synchronizations"
import * as Effect from "effect/Effect"
import { failure } from "../../CommandError.ts"
import { isUuid } from "../../isUuid.ts"

/** By its id, or by the name of its dataset, which must be that of one only. */
export const find = Effect.fnUntraced(function* (idOrName: string) {
  const synchronizations = yield* Synchronizations
  if (isUuid(idOrName)) return yield* synchronizations.get(Synchronization.SynchronizationId.make(idOrName))
  const [found, ...others] = (yield* synchronizations.list).filter(({ name }) => name === idOrName)
  if (found === undefined) {
    return yield* failure(
      `There is no synchronization of ${JSON.stringify(idOrName)}.`,
      "carto synchronization list shows all."
    )
  }
  return others.length === 0
    ? found
    : yield* failure(
        `${JSON.stringify(idOrName)} has several synchronizations.`,
        `Give an id: ${[found, ...others].map(({ id }) => id).join(", ")}.`
      )
})
