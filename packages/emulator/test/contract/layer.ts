/** core on effect's own HTTP client, against an emulator of its own. */
import { NodeHttpClient } from "@effect/platform-node"
import { Carto } from "@effect-carto/core"
import { Effect, Layer } from "effect"
import { Emulator } from "../../src/Emulator.ts"

export const connected = (options?: Partial<Carto.CartoOptions>) =>
  Layer.unwrap(
    Effect.map(Emulator, ({ masterKey, url }) => Carto.layer({ url, apiKey: masterKey, retries: 0, ...options }))
  ).pipe(Layer.provide(NodeHttpClient.layerUndici))

export const layer = connected().pipe(Layer.provideMerge(Emulator.layerTest))
