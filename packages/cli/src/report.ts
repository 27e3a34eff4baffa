/** A failed command's last words on standard error. */
import { CartoError, type CartoErrorReason } from "@effect-carto/core/CartoError"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as CliError from "effect/cli/CliError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { ClosedPipe } from "./ClosedPipe.ts"
import { CommandError } from "./CommandError.ts"
import { inCommands } from "./commandWords.ts"
import { DryRun } from "./DryRun.ts"
import { isRead } from "./isRead.ts"
import { printable } from "./printable.ts"

/** One sentence, the server's own words in it, then what to do. Interruptions and closed pipes say nothing. */
export const report = (cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Cause.hasInterruptsOnly(cause)
    ? Effect.void
    : Effect.forEach(lines(cause), (line) => Console.error(printable(line)), { discard: true })

export const lines = (cause: Cause.Cause<unknown>): ReadonlyArray<string> => {
  const error = Option.getOrUndefined(Cause.findErrorOption(cause))
  if (error === undefined) return unexpected(Cause.squash(cause))
  // `Command.run` has presented these already.
  if (error instanceof ClosedPipe || CliError.isCliError(error)) return []
  if (error instanceof DryRun) return [`would ${error.would}`, "Nothing was changed."]
  if (error instanceof CommandError) return [`error: ${error.message}`, ...hint(error.advice)]
  return error instanceof CartoError ? explain(error) : unexpected(error)
}

/** What CARTO or the way to it refused, in its own words, and what to do. */
export const explain = (error: CartoError): ReadonlyArray<string> => [
  `error: ${sentence(error.reason)}`,
  ...detail(error.reason),
  ...hint(adviceOn(error))
]

/** What to do about it. There is nothing to look after where nothing can have been changed. */
export const adviceOn = (error: CartoError): string =>
  error.reason._tag === "TransportError" && error.reason.mayHaveArrived && isRead(error)
    ? "Check the network and run it again; nothing was changed."
    : inCommands(error.advice)

const hint = (advice: string | undefined) => (advice === undefined ? [] : [`hint: ${advice}`])

const detail = (reason: CartoErrorReason) =>
  "detail" in reason && reason.detail !== undefined ? [`detail: ${reason.detail}`] : []

const unexpected = (error: unknown) => [
  `error: The command broke: ${error instanceof Error ? error.message : String(error)}`,
  "hint: This is a fault of carto itself; run it again with --log-level debug and report what it prints."
]

/** Only words: names and addresses stay as they are. */
const capitalized = (text: string): string => text.replace(/^[a-z](?=[a-z]* )/, (letter) => letter.toUpperCase())

const sentence = (reason: CartoErrorReason): string => {
  switch (reason._tag) {
    case "ServerError":
      return `The server failed (${reason.status}): ${reason.message}`
    case "ProtocolError":
      return `The answer is not CARTO's (status ${reason.status}): ${reason.message}`
    case "TransportError":
      return `${reason.mayHaveArrived ? "The connection broke" : "The server was not reached"}: ${reason.message}`
    case "ValidationError":
      // Without a status it was found here: a file that is not there, a name that PostgreSQL cannot hold.
      return reason.status === undefined ? capitalized(reason.message) : `The request is not valid: ${reason.message}`
    default: {
      const opening = openings[reason._tag]
      if (opening === undefined) return capitalized(reason.message)
      // A server that says nothing has its status in words already.
      return reason.message.toLowerCase() === opening.toLowerCase() ? `${opening}.` : `${opening}: ${reason.message}`
    }
  }
}

const openings: Readonly<Record<string, string>> = {
  RateLimitError: "Too many requests",
  ConcurrencyError: "Too much at once",
  StatementTimeoutError: "The statement ran too long",
  SqlError: "The statement failed",
  AuthError: "Access denied",
  NotFoundError: "Not found",
  JobError: "The job was no success",
  QuotaError: "A limit of the account is reached",
  TimeoutError: "Out of time"
}
