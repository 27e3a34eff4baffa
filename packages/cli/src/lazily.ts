/** A handler whose work is loaded when it is called, so that `--help` and `--version` start without it. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"

export const lazily =
  <Input, A, E, R>(load: () => Promise<{ readonly run: (input: Input) => Effect.Effect<A, E, R> }>) =>
  (input: Input): Effect.Effect<A, E, R> =>
    Effect.promise(load).pipe(
      Effect.flatMap(({ run }) => run(input)),
      // Here, as only the handler runs under `--log-level`; the short report comes after.
      Effect.tapCause((cause) => (Cause.hasInterruptsOnly(cause) ? Effect.void : Effect.logDebug(cause)))
    )
