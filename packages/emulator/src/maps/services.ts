/** What the Maps API keeps while it runs. */
import * as Layer from "effect/Layer"
import { MapStore } from "./MapStore.ts"
import { type MapsOptions, MapsSettings } from "./MapsSettings.ts"
import { Templates } from "./Templates.ts"

/** Maps and templates of an account, by the options of its emulator. */
export const mapsLayer = (options: MapsOptions) =>
  Layer.mergeAll(MapStore.layer, Templates.layer).pipe(Layer.provideMerge(Layer.succeed(MapsSettings, options)))
