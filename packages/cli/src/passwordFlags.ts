/** How a password is given to a command that can do without. */
import * as Flag from "effect/cli/Flag"

export const passwordFlags = {
  passwordStdin: Flag.Boolean("password-stdin").pipe(
    Flag.withDescription("Read a password from the first line of standard input"),
    Flag.withDefault(false)
  ),
  askPassword: Flag.Boolean("ask-password").pipe(
    Flag.withDescription("Ask for a password on the terminal, without showing it"),
    Flag.withDefault(false)
  )
} as const

export interface PasswordInput {
  readonly passwordStdin: boolean
  readonly askPassword: boolean
}
