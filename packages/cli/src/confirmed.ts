/** The last question before something that cannot be undone. */
import * as Console from "effect/Console"
import * as Prompt from "effect/cli/Prompt"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import { failure, usage } from "./CommandError.ts"
import { Settings } from "./Settings.ts"

/**
 * Goes on when the caller has said yes, before or now; a dry run needs none. `harm` is one sentence. Ask before
 * the session begins, so that `--timeout` does not count how long a person thinks.
 */
export const confirmed = Effect.fnUntraced(function* (harm: string, isGiven: boolean) {
  const { dryRun } = yield* Settings
  if (isGiven || dryRun) return
  const { canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
  if (!canPrompt) return yield* usage(harm, "Say that you mean it with --yes.")
  const answer = yield* Effect.tapError(Prompt.run(Prompt.Confirm({ message: `${harm} Go on?`, initial: false })), () =>
    Console.error("")
  )
  if (!answer) return yield* failure("Nothing was changed.")
})
