/** The end of a command that was told not to change anything. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Settings } from "./Settings.ts"

/** What would have been done. Ends the command as a success. */
export class DryRun extends Schema.TaggedError<DryRun>("carto-cli/DryRun")("DryRun", { would: Schema.String }) {}

/** A change on this machine, `would` in words: made, or only told of. */
export const guard =
  (would: string) =>
  <A, E, R>(change: Effect.Effect<A, E, R>): Effect.Effect<A, E | DryRun, R | Settings> =>
    Effect.flatMap(Settings, ({ dryRun }): Effect.Effect<A, E | DryRun, R> => (dryRun ? new DryRun({ would }) : change))

/** What was held back on its way out becomes the failure that the command ends with. */
export const heldBack = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E | DryRun, R> =>
  Effect.catchDefect(self, (defect) => (defect instanceof DryRun ? Effect.fail(defect) : Effect.die(defect)))
