/** How help and wrong calls are shown. */

import * as Console from "effect/Console"
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import { printable, printableLine } from "./printable.ts"

/**
 * Help goes to standard output, with the global flags at the root only. A wrong call is one line and a hint on standard
 * error; standard output stays empty.
 */
export const layer = CliOutput.layerPresenter({
  present: (event) => {
    switch (event._tag) {
      case "InvalidInvocation":
        return Effect.forEach(lines(event.errors, event.commandPath), (line) => Console.error(printable(line)), {
          discard: true
        })
      case "Help":
        return Effect.flatMap(TerminalCapabilities.TerminalCapabilities, ({ canColor }) =>
          Console.log(
            CliOutput.defaultFormatter({ colors: canColor, globalFlags: "summary" }).formatHelpDoc(event.helpDoc)
          )
        )
      case "Version":
        return Console.log(`${event.name} ${event.version}`)
    }
  }
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
