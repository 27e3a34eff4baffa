/** A wrong call, told in one line and a hint on standard error; standard output stays empty. */

import * as Console from "effect/Console"
import type * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Effect from "effect/Effect"
import { printable, printableLine } from "./printable.ts"

export const layer = CliOutput.layerPresenter({
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Effect.forEach(lines(event.errors, event.commandPath), (line) => Console.error(printable(line)), {
          discard: true
        })
      : CliOutput.defaultPresenter.present(event)
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
