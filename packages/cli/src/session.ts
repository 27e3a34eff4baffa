/** The server of a command: the chosen account over Node's HTTP client, within `--timeout`. */
import type { CartoServices } from "@effect-carto/core/Carto"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Deadline from "@effect-carto/core/Deadline"
import * as NodeCarto from "@effect-carto/node/NodeCarto"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CommandError } from "./CommandError.ts"
import { type Credentials, credentials } from "./Credentials.ts"
import { type DryRun, heldBack } from "./DryRun.ts"
import type { Keychain } from "./Keychain.ts"
import type { Profiles } from "./Profile.ts"
import { watched } from "./Requests.ts"
import { Settings } from "./Settings.ts"
import { version } from "./version.ts"

/** Gives an effect the account that the flags, the environment or the profiles name. */
export const withSession = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<
  A,
  E | CartoError | CommandError | DryRun,
  Exclude<R, CartoServices> | Keychain | Profiles | Settings
> => Effect.flatMap(credentials, (account) => withAccount(account)(effect))

/** Gives an effect one account. `--timeout` counts everything from the first connection to the last byte. */
export const withAccount =
  (account: Credentials) =>
  <A, E, R>(
    effect: Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | CartoError | DryRun, Exclude<R, CartoServices> | Settings> =>
    Effect.flatMap(Settings, ({ dryRun, retries, timeout, verbose }) => {
      const carto = NodeCarto.layer({
        url: account.url,
        organization: account.organization,
        apiKey: account.apiKey,
        retries: Option.getOrUndefined(retries),
        userAgent: `carto-cli/${version}`,
        client: "carto-cli",
        transformClient: watched({ dryRun, verbose })
      })
      const provided = heldBack(Effect.provide(effect, carto))
      return Option.isNone(timeout) ? provided : Deadline.within("carto", timeout.value)(provided)
    })
