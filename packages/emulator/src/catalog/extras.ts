/** Members that one visualization has on request: what it shows and what shows it. */
import * as Effect from "effect/Effect"
import * as Params from "../Params.ts"
import type { Visit } from "../routes/platform.ts"
import { Catalog } from "./Catalog.ts"
import { everything, type Show, summary, tableObject, type View, visualizationObject } from "./objects.ts"
import type { Visualization } from "./Visualization.ts"
import { isOwner, makeView } from "./view.ts"

/** A flag of the list: on unless it is `false`. */
const isOn = (params: Params.Params, name: string): boolean => Params.text(params, name) !== "false"

/** A flag of the detail: off unless it is `true`. */
const isAskedFor = (params: Params.Params, name: string): boolean => Params.text(params, name) === "true"

/** What the list shows. */
const shownInList = (params: Params.Params): Show => ({
  stats: isOn(params, "show_stats"),
  table: isOn(params, "show_table"),
  liked: isOn(params, "show_liked"),
  permission: isOn(params, "show_permission"),
  synchronization: isOn(params, "show_synchronization"),
  usesBuilderFeatures: isOn(params, "show_uses_builder_features"),
  size: isOn(params, "show_table_size_and_row_count"),
  authTokens: isOn(params, "show_auth_tokens")
})

/** What the detail shows. */
export const shownInDetail = (params: Params.Params): Show => ({
  ...everything,
  stats: isAskedFor(params, "show_stats"),
  liked: isAskedFor(params, "show_liked"),
  permission: isAskedFor(params, "show_permission"),
  authTokens: isAskedFor(params, "show_auth_tokens")
})

/** `with_dependent_visualizations=N`; 0 is not asked for. */
const mostDependents = (params: Params.Params): number => {
  const most = Number(Params.text(params, "with_dependent_visualizations") ?? 0)
  return most > 0 ? Math.floor(most) : 0
}

const mapsOf = Effect.fnUntraced(function* (visit: Visit, visualization: Visualization) {
  if (mostDependents(visit.params) === 0) return []
  return yield* (yield* Catalog).mapsOf(visualization.id)
})

/** How many maps show it, and the newest of them. */
const dependents = (visit: Visit, view: View, maps: ReadonlyArray<Visualization>) => {
  const most = mostDependents(visit.params)
  if (most === 0) return {}
  return {
    dependent_visualizations_count: maps.length,
    dependent_visualizations: maps.slice(0, most).map((map) => summary(view, map))
  }
}

/** The objects of a list, in its order. */
export const listed = Effect.fnUntraced(function* (visit: Visit, visualizations: ReadonlyArray<Visualization>) {
  const show = shownInList(visit.params)
  const maps = yield* Effect.forEach(visualizations, (one) => mapsOf(visit, one))
  const view = yield* makeView(visit, [...visualizations, ...maps.flat()], {
    permission: show.permission || mostDependents(visit.params) > 0,
    size: show.table && show.size
  })
  return visualizations.map((one, i) => ({
    ...visualizationObject(view, one, show),
    ...dependents(visit, view, maps[i] ?? [])
  }))
})

/** One visualization with all that belongs to it. */
export const wholeObject = Effect.fnUntraced(function* (visit: Visit, visualization: Visualization, show: Show) {
  const { datasetsOf } = yield* Catalog
  const datasets = visualization.type === "table" ? [] : yield* datasetsOf(visualization.id)
  const seen = isOwner(visit) ? datasets : datasets.filter(({ privacy }) => privacy === "PUBLIC")
  const maps = yield* mapsOf(visit, visualization)
  const fetchesUser = isAskedFor(visit.params, "fetch_user")
  const view = yield* makeView(visit, [visualization, ...seen, ...maps], {
    permission: show.permission || fetchesUser || mostDependents(visit.params) > 0,
    size: show.table && show.size
  })
  return {
    ...visualizationObject(view, visualization, show),
    ...(view.isOwner ? { related_tables: seen.map((dataset) => tableObject(view, dataset, show)) } : {}),
    ...(isAskedFor(visit.params, "fetch_related_canonical_visualizations")
      ? {
          related_canonical_visualizations: seen.map((dataset) => visualizationObject(view, dataset, show)),
          related_canonical_visualizations_count: datasets.length
        }
      : {}),
    ...dependents(visit, view, maps),
    ...(fetchesUser
      ? {
          user: {
            ...view.owner(visualization),
            ...(isAskedFor(visit.params, "show_user_basemaps") ? { basemaps: {} } : {})
          }
        }
      : {})
  }
})
