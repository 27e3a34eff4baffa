/** The map that an import makes: the one of a `.carto` file, or one over all of its datasets (`create_vis`). */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Catalog, type NewMap } from "../catalog/Catalog.ts"
import { checkPlan } from "../catalog/changes.ts"
import { Plan } from "../catalog/Plan.ts"
import { mapVersion, Privacy } from "../catalog/Visualization.ts"
import { failure } from "./failures.ts"
import type { Import } from "./Import.ts"
import { type MapDefinition, tablesOf } from "./MapDefinition.ts"

/** The most layers of a map. */
const maxLayers = 8

const datasetsOf = Effect.fnUntraced(function* (names: ReadonlyArray<string>) {
  const catalog = yield* Catalog
  const found = yield* Effect.forEach(names, catalog.dataset)
  return found.filter((dataset) => dataset !== undefined)
}, Effect.orDie)

/** Datasets that the map has no place for are told. */
const make = Effect.fnUntraced(function* (one: Import, { datasets, ...map }: NewMap) {
  const catalog = yield* Catalog
  const rejected = datasets.slice(maxLayers).map(({ name }) => name)
  if (rejected.length > 0) {
    one.warnings = { ...one.warnings, rejected_layers: rejected, user_max_layers: maxLayers }
  }
  const made = yield* Effect.orDie(catalog.createMap({ ...map, datasets: datasets.slice(0, maxLayers) }))
  one.visualizationId = made.id
})

/** A map over all datasets of an import; none where nothing was made. */
export const makeMapOver = Effect.fnUntraced(function* (one: Import) {
  const datasets = yield* datasetsOf(one.made.map(({ name }) => name))
  const [first] = datasets
  if (first !== undefined) yield* make(one, { name: `${first.name} map`, datasets })
})

const isPrivacy = Schema.is(Privacy)

/** The file has no password, so that what had one becomes private; without private maps all are public. */
const privacyOf = (asked: string | null | undefined, privateMaps: boolean): Privacy | undefined => {
  const privacy = asked?.toUpperCase()
  if (!isPrivacy(privacy)) return undefined
  if (privacy !== "PASSWORD" && privacy !== "PRIVATE") return privacy
  return privateMaps ? "PRIVATE" : "PUBLIC"
}

/**
 * The map of a definition. `names` has what the tables of the file are called in this account. Fails with 8007 when the
 * account has no room for another map.
 */
export const makeMapOf = Effect.fnUntraced(function* (
  one: Import,
  definition: MapDefinition,
  names: ReadonlyMap<string, string>
) {
  const { layers: _, privacy: asked, tags, transition_options, ...rest } = definition
  const datasets = yield* datasetsOf(tablesOf(definition).flatMap((table) => names.get(table) ?? []))
  const { privateMaps } = yield* (yield* Plan).get
  const privacy = privacyOf(asked, privateMaps)
  yield* Effect.mapError(checkPlan({ id: one.id, type: "derived" }, privacy ?? "PUBLIC"), () => failure(8007))
  yield* make(one, {
    ...rest,
    version: mapVersion,
    tags: tags ?? [],
    transition_options: transition_options ?? {},
    privacy,
    datasets
  })
})
