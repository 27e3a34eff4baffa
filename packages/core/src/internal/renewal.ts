/** Maps that the server has forgotten are instantiated again, once for all who notice at the same time. */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import type { CartoError } from "../CartoError.ts"
import type { Layergroup } from "../Layergroup.ts"

interface Origin {
  readonly instantiate: Effect.Effect<Layergroup, CartoError>
  readonly authToken: Redacted.Redacted | undefined
  readonly lock: Semaphore.Semaphore
  /** The latest of them. */
  current: Layergroup
}

/** Beside the maps, not in them: a token must not be where a map is printed or kept as JSON. */
const origins = new WeakMap<Layergroup, Origin>()

/** Instantiates, and keeps how that was done with the map. */
export const begin = (
  instantiate: Effect.Effect<Layergroup, CartoError>,
  authToken?: Redacted.Redacted
): Effect.Effect<Layergroup, CartoError> =>
  Effect.tap(instantiate, (current) =>
    Effect.sync(() => origins.set(current, { instantiate, authToken, lock: Semaphore.makeUnsafe(1), current }))
  )

export const authTokenOf = (map: Layergroup): Redacted.Redacted | undefined => origins.get(map)?.authToken

/** Runs with the map, and once more with a new one if the server does not know it any more (Maps reference, §4). */
export const use = <A>(
  map: Layergroup,
  run: (map: Layergroup) => Effect.Effect<A, CartoError>
): Effect.Effect<A, CartoError> =>
  Effect.suspend(() => {
    const origin = origins.get(map)
    if (origin === undefined) return run(map)
    const used = origin.current
    return Effect.catchIf(run(used), isExpired, () =>
      Effect.logInfo("The server has forgotten the map; it is instantiated again").pipe(
        Effect.andThen(renewed(origin, used)),
        Effect.flatMap(run)
      )
    )
  })

/** Instantiates again what is known; undefined for a map that came from elsewhere. */
export const renew = (map: Layergroup): Effect.Effect<Layergroup, CartoError> | undefined => {
  const origin = origins.get(map)
  return origin === undefined ? undefined : Effect.suspend(() => renewed(origin, origin.current))
}

const renewed = (origin: Origin, stale: Layergroup): Effect.Effect<Layergroup, CartoError> =>
  origin.lock.withPermit(
    Effect.suspend(() => {
      if (origin.current !== stale) return Effect.succeed(origin.current)
      return Effect.tap(origin.instantiate, (map) =>
        Effect.sync(() => {
          origin.current = map
          origins.set(map, origin)
        })
      )
    })
  )

const isExpired = ({ reason }: CartoError): boolean => reason._tag === "MapError" && reason.isExpired
