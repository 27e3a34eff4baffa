/** What kinds of values there are, and what is in them. */
import type { Value } from "./evaluate.ts"
import type { Kind } from "./properties.ts"

/** How faults name a value's kind. */
export const tags: Readonly<Record<Value["_tag"], string>> = {
  Number: "float",
  Color: "color",
  Text: "string",
  Word: "keyword",
  Field: "field",
  Call: "call",
  Sum: "expression",
  List: "value"
}

const isNumeric = (value: Value): boolean =>
  value._tag === "Number" ||
  value._tag === "Field" ||
  (value._tag === "Sum" && isNumeric(value.left) && isNumeric(value.right))

/** Whether a property of a kind takes a value. */
export const isOfKind = (value: Value, kind: Kind): boolean => {
  // Functions that are not known are told as what is not drawn.
  if (value._tag === "Call" || kind === "any") return true
  if (kind === "float") return isNumeric(value)
  if (kind === "color") return value._tag === "Color"
  if (kind === "boolean") return value._tag === "Word" && (value.word === "true" || value.word === "false")
  if (kind === "expression") return value._tag !== "List" && value._tag !== "Color"
  if (kind === "numbers") return value._tag === "List" ? value.items.every(isNumeric) : value._tag === "Number"
  // The name of a colour is the name of an operation, too.
  const word = value._tag === "Word" ? value.word : value._tag === "Text" ? value.text : undefined
  return word !== undefined && kind.includes(word)
}

/** Units that are drawn: pixels, and parts of a hundred. */
export const units = new Set(["", "px", "%"])

/** The columns that a value is of. */
export const fields = (value: Value): ReadonlyArray<string> =>
  value._tag === "Field"
    ? [value.column]
    : value._tag === "Sum"
      ? [...fields(value.left), ...fields(value.right)]
      : value._tag === "List"
        ? value.items.flatMap(fields)
        : []

/** Whether a property is switched off by its value. */
export const isNothing = (value: Value): boolean =>
  (value._tag === "Number" && value.value === 0) || (value._tag === "Word" && value.word === "none")
