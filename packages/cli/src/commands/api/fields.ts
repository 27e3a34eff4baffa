/** The values of `--field`. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Json))

/** Numbers, `true`, `false`, `null`, and texts, arrays and objects in JSON; everything else is text as it stands. */
export const typed = (text: string): Schema.Json => Option.getOrElse(decode(text), () => text)

/** Of the address, where all is text: JSON's quotes around a text are taken off. */
export const parameterOf = ([name, text]: readonly [string, string]): readonly [string, string] => {
  const value = typed(text)
  return [name, typeof value === "string" ? value : text]
}
