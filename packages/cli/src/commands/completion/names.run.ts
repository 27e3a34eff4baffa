/** The work of `carto complete-names`: names from the cache, or, when that is older than a minute, from the server. */
import type { CartoError } from "@effect-carto/core/CartoError"
import { Datasets } from "@effect-carto/core/Datasets"
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import { Synchronizations } from "@effect-carto/core/Synchronizations"
import { Visualizations } from "@effect-carto/core/Visualizations"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type Credentials, credentials } from "../../Credentials.ts"
import type { Kind } from "../../completedNames.ts"
import type { DryRun } from "../../DryRun.ts"
import { datasets } from "../../datasetServices.ts"
import { JobJournal } from "../../JobJournal.ts"
import { NameCache } from "../../NameCache.ts"
import * as Output from "../../Output.ts"
import { Profiles } from "../../Profile.ts"
import { Settings } from "../../Settings.ts"
import { type Services, withAccount } from "../../session.ts"

/** Nobody waits longer for a Tab. */
const patience = "2 seconds"
/** More would scroll by unread. */
const mostNames = 1000
const freshFor = 60_000

/** Says nothing instead of failing: a shell would show the error in the middle of the line. */
export const run = Effect.fnUntraced(
  function* ({ kind }: { readonly kind: Kind }) {
    const names = yield* namesOf(kind).pipe(
      // One question is enough, and what it waits for is nobody's business now.
      Effect.updateService(Settings, (settings) => ({ ...settings, retries: Option.some(0), verbose: false })),
      Effect.timeout(patience),
      Effect.tapError((error) => Effect.logDebug(error)),
      Effect.orElseSucceed((): ReadonlyArray<string> => [])
    )
    yield* Output.lines(names)
  },
  Effect.provide(JobJournal.layer),
  Effect.provide(NameCache.layer)
)

const namesOf = Effect.fnUntraced(function* (kind: Kind) {
  if (kind === "jobs") return (yield* (yield* JobJournal).list).map(({ id }) => id)
  if (kind === "profiles") return Object.keys((yield* (yield* Profiles).read).profiles)
  const account = yield* credentials
  const cache = yield* NameCache
  const key = `${account.url} ${kind}`
  const known = yield* cache.get(key)
  if (known !== undefined && (yield* Clock.currentTimeMillis) - known.at < freshFor) return known.names
  const asked = remote[kind](account)
  const names = yield* known === undefined ? asked : Effect.orElseSucceed(asked, () => known.names)
  yield* cache.set(key, names)
  return names
})

type Remote = (account: Credentials) => Effect.Effect<ReadonlyArray<string>, CartoError | DryRun, Settings>

const names =
  <S>(services: Services<S>, all: Stream.Stream<string, CartoError, S>): Remote =>
  (account) =>
    withAccount(account, services, Stream.runCollect(Stream.take(all, mostNames)))

const remote: Readonly<Record<Exclude<Kind, "jobs" | "profiles">, Remote>> = {
  datasets: names(
    datasets,
    Stream.unwrap(
      Effect.map(Datasets, ({ list }) => Stream.map(list({ orderBy: "name", direction: "asc" }), ({ name }) => name))
    )
  ),
  maps: names(
    Visualizations.layer(),
    Stream.unwrap(Effect.map(Visualizations, ({ list }) => Stream.map(list(), ({ name }) => name)))
  ),
  templates: names(
    NamedMaps.layer(),
    Stream.unwrap(Effect.map(NamedMaps, ({ list }) => Stream.fromIterableEffect(list)))
  ),
  synchronizations: names(
    Synchronizations.layer(),
    Stream.unwrap(
      Effect.map(Synchronizations, ({ list }) =>
        Stream.fromIterableEffect(
          Effect.map(list, (all) => all.flatMap(({ name }) => (typeof name === "string" ? [name] : [])))
        )
      )
    )
  )
}
