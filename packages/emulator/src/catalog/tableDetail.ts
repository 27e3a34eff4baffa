/** The object of `tables` (platform reference, §9.1). */
import * as Effect from "effect/Effect"
import type { Visit } from "../routes/platform.ts"
import { Catalog } from "./Catalog.ts"
import { columns } from "./columns.ts"
import { wholeObject } from "./extras.ts"
import { everything, summary } from "./objects.ts"
import { iso } from "./times.ts"
import type { Visualization } from "./Visualization.ts"
import { makeView } from "./view.ts"

/** A table, the dataset that it is, and the maps that would go with it or only lose a layer. */
export const tableDetail = Effect.fnUntraced(function* (visit: Visit, dataset: Visualization) {
  const { datasetsOf, mapsOf } = yield* Catalog
  const maps = yield* Effect.forEach(yield* mapsOf(dataset.id), (map) =>
    Effect.map(datasetsOf(map.id), (datasets) => ({ map, isAlone: datasets.every(({ id }) => id === dataset.id) }))
  )
  const view = yield* makeView(visit, [dataset, ...maps.map(({ map }) => map)])
  const facts = view.facts(dataset)
  const summaries = (isAlone: boolean) =>
    maps.filter((one) => one.isAlone === isAlone).map(({ map }) => summary(view, map))
  return {
    id: dataset.table_id,
    name: dataset.schema === view.schema ? dataset.name : `${dataset.schema}.${dataset.name}`,
    privacy: dataset.privacy,
    schema: yield* columns(dataset),
    updated_at: iso(dataset.updated_at),
    rows_counted: facts.rowCount ?? 0,
    table_size: facts.size,
    map_id: dataset.map_id,
    description: dataset.description,
    geometry_types: dataset.geometry_types,
    table_visualization: yield* wholeObject(visit, dataset, everything),
    dependent_visualizations: summaries(true),
    non_dependent_visualizations: summaries(false),
    synchronization: dataset.schema === view.schema ? dataset.synchronization : null
  }
})
