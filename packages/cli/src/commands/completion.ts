/** `carto completion`: what the shell offers behind `carto` and Tab. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { kinds } from "../completedNames.ts"
import { lazily } from "../lazily.ts"

export const completion = () =>
  Command.make(
    "completion",
    { shell: Argument.Literals("SHELL", ["bash", "zsh", "fish"]).pipe(Argument.withDescription("bash, zsh or fish")) },
    lazily(() => import("./completion/completion.run.ts"))
  ).pipe(
    Command.withExamples([
      { command: "carto completion bash >> ~/.bashrc" },
      { command: "carto completion zsh > ~/.zfunc/_carto", description: "In a directory of $fpath" },
      { command: "carto completion fish > ~/.config/fish/completions/carto.fish" }
    ])
  )

/** What those scripts ask; says nothing where it knows nothing. */
export const completeNames = () =>
  Command.make(
    "complete-names",
    { kind: Argument.Literals("KIND", kinds).pipe(Argument.withDescription("Of which things")) },
    lazily(() => import("./completion/names.run.ts"))
  ).pipe(Command.withExamples([{ command: "carto complete-names datasets" }]))
