/** The instantiated maps. Each is forgotten some time after its last use. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { badRequest, type MapsError } from "./MapsError.ts"
import { MapsSettings } from "./MapsSettings.ts"
import type { StoredMap } from "./StoredMap.ts"

/** Maps are kept in memory: they do not outlive the emulator. */
export class MapStore extends Context.Service<
  MapStore,
  {
    readonly put: (map: StoredMap) => Effect.Effect<void>
    /** Renews the map's life. Fails with 400, in the servers' own words, once it has expired. */
    readonly get: (id: string) => Effect.Effect<StoredMap, MapsError>
    /** Makes a map, or all of them, expire at once. */
    readonly expire: (id?: string) => Effect.Effect<void>
  }
>()("carto-emulator/MapStore") {
  static readonly layer = Layer.effect(
    MapStore,
    Effect.gen(function* () {
      const lifetime = Duration.toMillis((yield* MapsSettings).mapLifetime ?? "2 hours")
      const maps = new Map<string, { readonly map: StoredMap; readonly expiresAt: number }>()
      return MapStore.of({
        put: Effect.fnUntraced(function* (map) {
          const now = yield* Clock.currentTimeMillis
          for (const [id, { expiresAt }] of maps) if (expiresAt <= now) maps.delete(id)
          maps.set(map.id, { map, expiresAt: now + lifetime })
        }),
        get: Effect.fnUntraced(function* (id) {
          const now = yield* Clock.currentTimeMillis
          const found = maps.get(id)
          if (found === undefined || found.expiresAt <= now) {
            return yield* badRequest(`Invalid or nonexistent map configuration token '${id}'`)
          }
          maps.set(id, { map: found.map, expiresAt: now + lifetime })
          return found.map
        }),
        expire: (id) => Effect.sync(() => (id === undefined ? maps.clear() : void maps.delete(id)))
      })
    })
  )
}
