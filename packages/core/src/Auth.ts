/** The layer for credentials: whose account, and with which key. */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Ref from "effect/Ref"
import type { Account } from "./Account.ts"
import { parse } from "./Account.ts"
import type { CartoError } from "./CartoError.ts"

export interface AuthOptions {
  /** Any address of the account; `Account.parse` says which. */
  readonly url: string
  /** Without a key the server answers what its public key `default_public` may read (platform reference, §2.1). */
  readonly apiKey?: Redacted.Redacted | undefined
  /** Only for addresses that do not name the user. */
  readonly user?: string | undefined
  readonly organization?: string | undefined
}

export class Auth extends Context.Service<
  Auth,
  {
    readonly account: Account
    /** Asked before every attempt, so that a provider of short-lived keys may renew it. None is anonymous. */
    readonly apiKey: Effect.Effect<Option.Option<Redacted.Redacted>, CartoError>
    /** Told the new token when `ApiKeys` has regenerated the key in use. Without it the old one, now dead, stays. */
    readonly follow?: ((apiKey: Redacted.Redacted) => Effect.Effect<void>) | undefined
  }
>()("carto/Auth") {
  static readonly layer = (options: AuthOptions): Layer.Layer<Auth, CartoError> => Layer.effect(Auth, make(options))

  /** Reads carto-python's own variables: `CARTO_API_URL`, and if set `CARTO_API_KEY` and `CARTO_ORG`. */
  static readonly layerConfig: Layer.Layer<Auth, CartoError | Config.ConfigError> = Layer.effect(
    Auth,
    Effect.suspend(() => Effect.flatMap(fromEnvironment, make))
  )
}

const fromEnvironment = Config.all({
  url: Config.String("CARTO_API_URL"),
  apiKey: Config.option(Config.Redacted("CARTO_API_KEY")),
  organization: Config.option(Config.String("CARTO_ORG"))
}).pipe(
  Config.map(({ url, apiKey, organization }) => ({
    url,
    apiKey: Option.getOrUndefined(apiKey),
    organization: Option.getOrUndefined(organization)
  }))
)

const make = Effect.fnUntraced(function* (options: AuthOptions) {
  const account = yield* Effect.fromResult(parse(options.url, options))
  if (options.apiKey !== undefined && account.isExposed) {
    yield* Effect.logWarning(`The key travels unencrypted to ${account.baseUrl}; use https.`)
  }
  const current = yield* Ref.make(Option.fromUndefinedOr(options.apiKey))
  return Auth.of({ account, apiKey: Ref.get(current), follow: (apiKey) => Ref.set(current, Option.some(apiKey)) })
})
