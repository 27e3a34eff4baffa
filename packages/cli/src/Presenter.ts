/** How help and wrong calls are shown. */

import * as Console from "effect/Console"
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import type * as HelpDoc from "effect/cli/HelpDoc"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Stdio from "effect/Stdio"
import type * as Terminal from "effect/Terminal"
import * as Help from "./Help.ts"
import { printable, printableLine } from "./printable.ts"
import { terminalWidth } from "./terminalWidth.ts"

/**
 * Help goes to standard output, as wide as the terminal. A wrong call is one line and a hint on standard error; standard
 * output stays empty.
 */
export const layer = Layer.effect(
  CliOutput.Presenter,
  Effect.map(Effect.context<Stdio.Stdio | Terminal.Terminal>(), (context) => ({
    present: (event: CliOutput.Presenter.Event) => Effect.provideContext(present(event), context)
  }))
)

const present = (event: CliOutput.Presenter.Event) => {
  switch (event._tag) {
    case "InvalidInvocation":
      return Effect.forEach(lines(event.errors, event.commandPath), (line) => Console.error(printable(line)), {
        discard: true
      })
    case "Help":
      return help(event.helpDoc)
    case "Version":
      return Console.log(`${event.name} ${event.version}`)
  }
}

const help = Effect.fnUntraced(function* (doc: HelpDoc.HelpDoc) {
  const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
  yield* Console.log(Help.text(doc, { colors: canColor, width: yield* terminalWidth }))
})

const lines = (errors: ReadonlyArray<CliError.NonShowHelpErrors>, commandPath: ReadonlyArray<string>) => {
  const [first] = errors
  if (first === undefined) return []
  const suggestion = "suggestions" in first ? first.suggestions[0] : undefined
  const didYouMean = suggestion === undefined ? "" : `Did you mean ${suggestion}? `
  return [
    // The suggestions stand in the message as lines of their own.
    `error: ${printableLine(first.message.split("\n\n")[0] ?? first.message)}`,
    `hint: ${didYouMean}Run ${commandPath.join(" ")} --help for usage.`
  ]
}
