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
  [wrongUsage, "wrong usage; nothing was sent"],
  [notAuthenticated, "no account or key, or the server refused the key"],
  [interrupted, "interrupted, by Ctrl-C or SIGTERM"]
] as const

export const exitCode = (exit: Exit.Exit<unknown, unknown>): number => {
  if (Exit.isSuccess(exit)) return success
  return Cause.hasInterruptsOnly(exit.cause) ? interrupted : ofError(Cause.squash(exit.cause))
}

const ofError = (error: unknown): number => {
  if (error instanceof ClosedPipe || Predicate.isTagged(error, "DryRun")) return success
  if (error instanceof CommandError) return ofKind[error.kind]
  if (CliError.isCliError(error)) return error._tag === "ShowHelp" && error.errors.length === 0 ? success : wrongUsage
  if (isAddressError(error)) return wrongUsage
  return isAuthError(error) ? notAuthenticated : failed
}

/** An address of `CARTO_API_URL` that names no account: no server was asked. */
const isAddressError = (error: unknown): boolean =>
  Predicate.isTagged(error, "CartoError") &&
  Predicate.hasProperty(error, "operation") &&
  error.operation === "Account.parse"

/** A `CartoError` by its tags: its class need not be loaded to see that a command went well. */
const isAuthError = (error: unknown): boolean =>
  Predicate.isTagged(error, "CartoError") &&
  Predicate.hasProperty(error, "reason") &&
  Predicate.isTagged(error.reason, "AuthError")

const ofKind = { failure: failed, usage: wrongUsage, authentication: notAuthenticated } as const
