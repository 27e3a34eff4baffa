/** Log lines as a person at a terminal reads them: on standard error, without time and fiber. */
import * as Cause from "effect/Cause"
import * as Logger from "effect/Logger"
import { printable } from "./printable.ts"

const labels = {
  All: "note",
  Trace: "trace",
  Debug: "debug",
  Info: "note",
  Warn: "warning",
  Error: "error",
  Fatal: "error",
  None: "note"
} as const

const line = Logger.make(({ cause, logLevel, message }) => {
  const parts = (Array.isArray(message) ? message : [message]).map((part) => printable(String(part)))
  const trace = cause.reasons.length === 0 ? [] : [printable(Cause.pretty(cause))]
  return `${labels[logLevel]}: ${[...parts, ...trace].join("\n")}`
})

/** Stack traces are part of `--log-level debug` only. */
export const layer = Logger.layer([Logger.withConsoleError(line)])
