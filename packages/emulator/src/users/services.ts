/** What every account has of its own, whether it is the emulator's or a member's of the organization. */
import * as Layer from "effect/Layer"
import { Catalog } from "../catalog/Catalog.ts"
import { Exports } from "../catalog/export/Exports.ts"
import { Imports, type ImportsOptions } from "../imports/Imports.ts"
import { Jobs, type JobsOptions } from "../jobs/Jobs.ts"
import { KuvizStore } from "../kuviz/KuvizStore.ts"
import type { MapsOptions } from "../maps/MapsSettings.ts"
import { mapsLayer } from "../maps/services.ts"
import { observatoryLayer } from "../observatory/services.ts"
import { Synchronizations } from "../synchronizations/Synchronizations.ts"

export interface ServiceOptions extends ImportsOptions, JobsOptions, MapsOptions {}

/** Built upon a user with its keys: each account's state, apart from that of others. */
export const servicesLayer = (options: ServiceOptions) =>
  Layer.merge(Synchronizations.layer, observatoryLayer).pipe(
    Layer.provideMerge(Imports.layer(options)),
    Layer.provideMerge(
      Layer.mergeAll(Catalog.layer, Jobs.layer(options), KuvizStore.layer, Exports.layer, mapsLayer(options))
    )
  )
