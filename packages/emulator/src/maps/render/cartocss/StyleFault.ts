/** What is wrong with a style. */
import * as Data from "effect/Data"

/** Its text begins with the place as CARTO tells it: `style0:1:8 Invalid code: xxxxx;`. */
export class StyleFault extends Data.TaggedError("StyleFault")<{ readonly message: string }> {}

/** Where something is written, counted in characters from the beginning of the text. */
export type Place = number

/** Line from 1, column from 0. */
export const styleFault = (name: string, text: string, place: Place, message: string): StyleFault => {
  const before = text.slice(0, place).split("\n")
  return new StyleFault({ message: `${name}:${before.length}:${before.at(-1)?.length ?? 0} ${message}` })
}
