/** The work of `carto doctor`. */
import * as Account from "@effect-carto/core/Account"
import { ApiKeys } from "@effect-carto/core/ApiKeys"
import { CartoError } from "@effect-carto/core/CartoError"
import { Sql } from "@effect-carto/core/Sql"
import { Users } from "@effect-carto/core/Users"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { failure } from "../../CommandError.ts"
import { type Credentials, credentials } from "../../Credentials.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { Settings } from "../../Settings.ts"
import { withAccount } from "../../session.ts"
import { terminalWidth } from "../../terminalWidth.ts"
import { version } from "../../version.ts"
import * as Checks from "./checks.ts"
import * as Finding from "./Finding.ts"

const shape = Records.shape(["check", "status", "message", "advice"])

/** Each finding is printed as soon as it is there, as the server may be slow. */
export const run = Effect.fnUntraced(function* () {
  const seen: Array<Finding.Finding> = []
  const width = yield* terminalWidth
  const findings = Stream.tap(all, (finding) => Effect.sync(() => seen.push(finding)))
  yield* (yield* Records.isJson)
    ? Records.list(shape, findings)
    : Stream.runForEach(findings, (finding) => Output.lines(Finding.lines(finding, width)))
  const broken = seen.filter(({ status }) => status === "problem").map(({ check }) => check)
  if (broken.length > 0) return yield* failure(`Something is broken: ${broken.join(", ")}.`)
})

const all = Stream.unwrap(
  Effect.map(Effect.result(credentials), (chosen) => {
    if (Result.isFailure(chosen)) {
      const { advice, message } = chosen.failure
      return Stream.make(client, Finding.problem("account", message, advice))
    }
    const account = ofAccount(chosen.success)
    const first = Stream.make(client, account)
    return account.status === "problem" ? first : Stream.concat(first, ofServer(chosen.success))
  })
)

const client = Finding.ok("client", `carto ${version} on Node ${process.versions.node}, ${process.platform}`)

const ofAccount = ({ organization, source, url }: Credentials): Finding.Finding =>
  Result.match(Account.parse(url, { organization }), {
    onFailure: (error) => Finding.failed("account", error),
    onSuccess: (account) =>
      account.isExposed
        ? Finding.warning(
            "account",
            `${account}, from ${source}`,
            "The key can be read on its way: use https:// where the server has it."
          )
        : Finding.ok("account", `${account}, from ${source}`)
  })

/** One attempt for each question: a pause would hide what is wrong. */
const ofServer = (account: Credentials) => {
  const services = Layer.mergeAll(ApiKeys.layer(), Sql.layer(), Users.layer())
  const ask = <E, R>(name: string, check: Effect.Effect<ReadonlyArray<Finding.Finding>, E, R>) =>
    Stream.fromIterableEffect(
      withAccount(account, services, check).pipe(
        // `--timeout` is over, or there is no client to ask with: no certificate, a proxy that is none.
        Effect.catchIf(
          (error) => error instanceof CartoError,
          (error) => Effect.succeed([Finding.failed(name, error)])
        ),
        Effect.updateService(Settings, (settings) => ({
          ...settings,
          retries: Option.orElse(settings.retries, () => Option.some(0))
        }))
      )
    )
  return ask("sql", Checks.sql).pipe(
    Stream.concat(ask("platform", Checks.key(account.apiKey !== undefined))),
    Stream.concat(ask("database", Checks.versions)),
    Stream.concat(ask("storage", Checks.storage)),
    Stream.concat(ask("leftovers", Checks.leftovers))
  )
}
