/** The server of a command: the chosen account over Node's HTTP client, within `--timeout`, and the services it uses. */
import { Auth } from "@effect-carto/core/Auth"
import { CartoClient } from "@effect-carto/core/CartoClient"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Deadline from "@effect-carto/core/Deadline"
import * as NodeGzip from "@effect-carto/node/NodeGzip"
import * as NodeHttp from "@effect-carto/node/NodeHttp"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { CommandError } from "./CommandError.ts"
import { type Credentials, credentials } from "./Credentials.ts"
import { type DryRun, heldBack } from "./DryRun.ts"
import type { Keychain } from "./Keychain.ts"
import type { Profiles } from "./Profile.ts"
import { watched } from "./Requests.ts"
import { Settings } from "./Settings.ts"
import { version } from "./version.ts"

/** Services on one account. A command names those it uses: loading all of them takes longer than its first request. */
export type Services<S> = Layer.Layer<S, never, Auth | CartoClient>

/** Gives an effect services on the account that the flags, the environment or the profiles name. */
export const withSession = <S, A, E, R>(
  services: Services<S>,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<
  A,
  E | CartoError | CommandError | DryRun,
  Exclude<R, S | Auth | CartoClient> | Keychain | Profiles | Settings
> => Effect.flatMap(credentials, (account) => withAccount(account, services, effect))

/** Gives an effect services on one account. `--timeout` counts everything from the first connection to the last byte. */
export const withAccount = <S, A, E, R>(
  account: Credentials,
  services: Services<S>,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E | CartoError | DryRun, Exclude<R, S | Auth | CartoClient> | Settings> =>
  Effect.flatMap(Settings, ({ dryRun, retries, timeout, verbose }) => {
    const options = {
      url: account.url,
      organization: account.organization,
      apiKey: account.apiKey,
      retries: Option.getOrUndefined(retries),
      userAgent: `carto-cli/${version}`,
      client: "carto-cli",
      transformClient: watched({ dryRun, verbose })
    }
    const carto = services.pipe(
      Layer.provideMerge(CartoClient.layer(options)),
      Layer.provideMerge(Auth.layer(options)),
      Layer.provide(NodeHttp.layer(options)),
      Layer.merge(NodeGzip.layer)
    )
    // Of its own: built once for all, services within another session would stand for that one's account.
    const provided = heldBack(Effect.provide(effect, Layer.fresh(carto)))
    return Option.isNone(timeout) ? provided : Deadline.within("carto", timeout.value)(provided)
  })
