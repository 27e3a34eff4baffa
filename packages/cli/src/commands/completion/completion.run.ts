/** The work of `carto completion`: effect's script, and around it what completes names. */
import * as Completions from "effect/cli/Completions"
import * as Effect from "effect/Effect"
import { carto } from "../../carto.ts"
import * as Records from "../../Records.ts"
import { withNames } from "./scripts.ts"

export const run = Effect.fnUntraced(function* ({ shell }: { readonly shell: "bash" | "zsh" | "fish" }) {
  const script = withNames(shell, Completions.generate("carto", shell, Completions.fromCommand(carto)))
  yield* Records.told(Records.shape(["shell", "script"]), [script.trimEnd()], { shell, script })
})
