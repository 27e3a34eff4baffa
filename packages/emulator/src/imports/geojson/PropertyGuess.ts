/** The type of a property, from its JSON values: texts stay texts, unless each of them is a day or a time. */
import * as Predicate from "effect/Predicate"
import * as ColumnGuess from "../csv/ColumnGuess.ts"

export interface PropertyGuess {
  readonly see: (value: unknown) => void
  readonly type: () => string
}

type Kind = "number" | "boolean" | "text" | "moment"

const moments: ReadonlyArray<string> = ["date", "time", "timestamptz"]

const kindOf = (value: unknown): Kind => {
  if (Predicate.isNumber(value)) return "number"
  if (Predicate.isBoolean(value)) return "boolean"
  return Predicate.isString(value) ? "moment" : "text"
}

export const make = (): PropertyGuess => {
  const guess = ColumnGuess.make()
  let kind: Kind | undefined
  return {
    see: (value) => {
      if (value === null || value === undefined || kind === "text") return
      const one = kindOf(value)
      kind = kind === undefined || kind === one ? one : "text"
      if (kind !== "number" && kind !== "moment") return
      guess.see(String(value))
      if (kind === "moment" && !moments.includes(guess.type())) kind = "text"
    },
    type: () => {
      if (kind === undefined || kind === "text") return "text"
      return kind === "boolean" ? "boolean" : guess.type()
    }
  }
}
