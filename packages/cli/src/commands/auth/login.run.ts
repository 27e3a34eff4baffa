/** The work of `carto auth login`. */
import * as Account from "@effect-carto/core/Account"
import { Sql } from "@effect-carto/core/Sql"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Prompt from "effect/cli/Prompt"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stdio from "effect/Stdio"
import { usage } from "../../CommandError.ts"
import { guard } from "../../DryRun.ts"
import * as Input from "../../Input.ts"
import * as Output from "../../Output.ts"
import { find, isName, nameRule, type Profile, Profiles } from "../../Profile.ts"
import { withKey } from "../../profileKey.ts"
import { Settings } from "../../Settings.ts"
import { withAccount } from "../../session.ts"

export interface LoginInput {
  readonly url: Option.Option<string>
  readonly name: Option.Option<string>
  readonly apiKeyStdin: boolean
}

export const run = Effect.fnUntraced(function* (input: LoginInput) {
  const { profile: shared } = yield* Settings
  const given = Option.orElse(input.name, () => shared)
  if (Option.isSome(given) && !isName(given.value)) {
    return yield* usage(`A profile cannot be called ${JSON.stringify(given.value)}.`, `Give ${nameRule}.`)
  }
  const account = yield* Effect.flatMap(address(input.url), understood)
  yield* Output.note(`This is ${account}.`)
  const apiKey = yield* key(input.apiKeyStdin)
  const open: Profile = {
    url: account.baseUrl,
    ...(account.organization === undefined ? {} : { organization: account.organization })
  }
  const check = Effect.flatMap(Sql, (sql) => sql.query()`select 1 as works`)
  yield* withAccount({ ...open, apiKey: Option.getOrUndefined(apiKey), source: "login" }, Sql.layer(), check)
  const profiles = yield* Profiles
  const stored = yield* profiles.read
  const name = Option.getOrElse(given, () => account.user)
  const kept = yield* Effect.gen(function* () {
    const profile = yield* withKey(open, name, apiKey)
    yield* profiles.write({ current: name, profiles: { ...stored.profiles, [name]: profile } })
    return profile
  }).pipe(guard(`save profile ${name} for ${open.url}`))
  const verb = Option.isSome(find(stored, name)) ? "replaced" : "saved"
  const access = Option.isNone(apiKey) ? "without a key, for public data only" : "the key works"
  yield* Output.note(`${verb} profile ${name}, now the current one (${access})`)
  if (kept.apiKey !== undefined) {
    yield* Output.note(`This machine has no keychain: the key is in ${profiles.file}, which only you may read.`)
  }
})

/** A prompt that was left with Ctrl-C leaves the cursor in its line. */
const ask = <A>(prompt: Prompt.Prompt<A>) => Effect.tapError(Prompt.run(prompt), () => Console.error(""))

const address = Effect.fnUntraced(function* (url: Option.Option<string>) {
  if (Option.isSome(url)) return url.value
  const { canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
  return canPrompt
    ? yield* ask(Prompt.String({ message: "Address of the account:" }))
    : yield* usage("The address of the account is missing.", "Give it with --url, such as --url https://ada.carto.com.")
})

const understood = (text: string) =>
  Effect.fromResult(Result.mapError(Account.parse(text), ({ advice, reason }) => usage(reason.message, advice)))

/** From standard input, CARTO_API_KEY or a prompt, but from no flag: that would stay in the shell's history. */
const key = Effect.fnUntraced(function* (fromStdin: boolean) {
  const variable = yield* Effect.orDie(Config.option(Config.Redacted("CARTO_API_KEY")))
  const stdio = yield* Stdio.Stdio
  const { canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
  if (!fromStdin && Option.isSome(variable)) {
    yield* Output.note("The key is that of CARTO_API_KEY.")
    return variable
  }
  if (!fromStdin && canPrompt) {
    const answer = yield* ask(Prompt.Hidden({ message: "API key (not shown; none for public data only):" }))
    const typed = Redacted.value(answer).trim()
    return typed === "" ? Option.none() : Option.some(Redacted.make(typed))
  }
  if (!fromStdin && (yield* stdio.stdinIsTerminal)) return yield* noKey
  const text = (yield* Input.text).trim()
  return text === "" ? yield* noKey : Option.some(Redacted.make(text))
})

const noKey = usage("The key is missing.", "Give it on standard input with --api-key-stdin, or in CARTO_API_KEY.")
