/** What the process tells its caller about how the command ended. */
import * as Cause from "effect/Cause"
import * as CliError from "effect/cli/CliError"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import { ClosedPipe } from "./ClosedPipe.ts"
import { CommandError } from "./CommandError.ts"

const success = 0
const failed = 1
const wrongUsage = 2
const notAuthenticated = 4
const interrupted = 130

/** The exit codes as `carto --help` lists them; scripts may rely on them. */
export const description = [
  [success, "done"],
  [failed, "failed"],
  [wrongUsage, "wrong usage; nothing was changed"],
  [notAuthenticated, "no account or key, or the server refused the key"],
  [interrupted, "interrupted, by Ctrl-C, SIGTERM or SIGHUP"]
] as const

export const exitCode = (exit: Exit.Exit<unknown, unknown>): number => {
  if (Exit.isSuccess(exit)) return success
  return Cause.hasInterruptsOnly(exit.cause) ? interrupted : ofError(Cause.squash(exit.cause))
}

const ofError = (error: unknown): number => {
  if (error instanceof ClosedPipe || Predicate.isTagged(error, "DryRun")) return success
  if (error instanceof CommandError) return ofKind[error.kind]
  if (CliError.isCliError(error)) return error._tag === "ShowHelp" && error.errors.length === 0 ? success : wrongUsage
  return Predicate.isTagged(error, "CartoError") ? ofCarto(error) : failed
}

/** A `CartoError` by its tags: its class need not be loaded to see that a command went well. */
const ofCarto = (error: object): number => {
  if (!Predicate.hasProperty(error, "reason")) return failed
  if (Predicate.isTagged(error.reason, "AuthError")) return notAuthenticated
  return Predicate.isTagged(error.reason, "ValidationError") && isRefusal(error, error.reason) ? wrongUsage : failed
}

/**
 * What was given is refused here, without a server's answer: an address that names no account, an interval that is too
 * short. Files and streams of this machine are another matter; the operations that read and write them begin with `Node`.
 */
const isRefusal = (error: object, reason: object): boolean =>
  !("status" in reason && Predicate.isNumber(reason.status)) &&
  Predicate.hasProperty(error, "operation") &&
  !String(error.operation).startsWith("Node")

const ofKind = { failure: failed, usage: wrongUsage, authentication: notAuthenticated } as const
