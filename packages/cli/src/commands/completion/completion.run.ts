/** The work of `carto completion`: effect's script, and around it what completes names. */
import type * as Command from "effect/cli/Command"
import * as Completions from "effect/cli/Completions"
import * as Effect from "effect/Effect"
import { carto } from "../../carto.ts"
import * as Records from "../../Records.ts"
import { withNames } from "./scripts.ts"

/** Its type is told, because the tree's own has this command in it. */
const tree: Effect.Effect<Command.Command.Any> = carto

export const run = Effect.fnUntraced(function* ({ shell }: { readonly shell: "bash" | "zsh" | "fish" }) {
  const script = withNames(shell, Completions.generate("carto", shell, Completions.fromCommand(yield* tree)))
  yield* Records.told(Records.shape(["shell", "script"]), [script.trimEnd()], { shell, script })
})
