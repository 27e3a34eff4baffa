/** Secrets that a caller gives: on standard input or at a hidden prompt, but in no flag, which would stay in the shell's history. */
import * as Console from "effect/Console"
import * as Prompt from "effect/cli/Prompt"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { usage } from "./CommandError.ts"
import * as Input from "./Input.ts"
import type { PasswordInput } from "./passwordFlags.ts"

/** The password, if one is to be given. */
export const optionalPassword = Effect.fnUntraced(function* ({ askPassword, passwordStdin }: PasswordInput) {
  return askPassword || passwordStdin ? yield* password(passwordStdin) : undefined
})

/** A new password: of a prompt it is typed twice, as nobody sees it. */
export const password = Effect.fnUntraced(function* (fromStdin: boolean) {
  if (fromStdin) return yield* line("password")
  const { canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
  if (!canPrompt) {
    return yield* usage("The password is missing.", "Give it on standard input with --password-stdin.")
  }
  const first = yield* ask("Password (not shown):")
  const second = yield* ask("The same again:")
  if (Redacted.value(first) === "") return yield* usage("The password is empty.")
  return Redacted.value(first) === Redacted.value(second)
    ? first
    : yield* usage("The two passwords are not the same.", "Nothing was sent.")
})

/** The first line of standard input; its spaces belong to it. */
export const line = Effect.fnUntraced(function* (what: string) {
  const [first = ""] = (yield* Input.text).split(/\r?\n/, 1)
  return first === ""
    ? yield* usage(`There is no ${what} on standard input.`, "It is the first line there.")
    : Redacted.make(first)
})

/** A prompt that was left with Ctrl-C leaves the cursor in its line. */
const ask = (message: string) => Effect.tapError(Prompt.run(Prompt.Hidden({ message })), () => Console.error(""))
