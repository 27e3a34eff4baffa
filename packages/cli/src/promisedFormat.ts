/** What the name of a file says of its format. */
import * as Effect from "effect/Effect"
import { type CommandError, usage } from "./CommandError.ts"
import { extensionOf, extensionsOf, type Format, formatOf } from "./format/rowFormats.ts"

/**
 * Undefined for a name without an extension. Another extension than those of our formats is refused: the file would not
 * hold what its name promises.
 */
export const promisedFormat = (
  file: string,
  known: ReadonlyArray<Format>
): Effect.Effect<Format | undefined, CommandError> => {
  const format = formatOf(file)
  const extension = extensionOf(file)
  return format === undefined && extension !== undefined
    ? Effect.fail(
        usage(
          `No format here has the extension .${extension}.`,
          `There are ${extensionsOf(known).join(", ")}; or say with --format what ${file} is to hold.`
        )
      )
    : Effect.succeed(format)
}
