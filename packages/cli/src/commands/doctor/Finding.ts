/** What the doctor says of one thing. */
import type { CartoError } from "@effect-carto/core/CartoError"
import { hung } from "../../format/Wrap.ts"
import { adviceOn, explain } from "../../report.ts"

export interface Finding {
  readonly check: string
  /** A `problem` is broken; a `warning` works, and should not stay so. */
  readonly status: "ok" | "warning" | "problem"
  readonly message: string
  readonly advice?: string | undefined
}

export const ok = (check: string, message: string): Finding => ({ check, status: "ok", message })

export const warning = (check: string, message: string, advice: string): Finding => ({
  check,
  status: "warning",
  message,
  advice
})

export const problem = (check: string, message: string, advice?: string): Finding => ({
  check,
  status: "problem",
  message,
  advice
})

/** A failure in the words in which every command tells it. */
export const failed = (check: string, error: CartoError): Finding => {
  const [sentence = error.message] = explain(error)
  return problem(check, sentence.replace(/^error: /, ""), adviceOn(error))
}

/** A line for people, and one for what they can do; broken so that they fit so many columns. */
export const lines = (
  { advice, check, message, status }: Finding,
  columns: number = Number.POSITIVE_INFINITY
): ReadonlyArray<string> => {
  const head = `${status.padEnd(9)}${check.padEnd(10)}`
  return [
    ...hung(head, message, columns),
    ...(advice === undefined ? [] : hung(" ".repeat(head.length), advice, columns))
  ]
}
