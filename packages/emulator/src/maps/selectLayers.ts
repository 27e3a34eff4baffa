/** Which layers an address chooses: `0`, `0,2`, `pts,zones`, `all`, `mapnik`, …; without a choice all that are drawn. */
import * as Effect from "effect/Effect"
import type { Layer } from "./Layer.ts"
import { badRequest, type MapsError } from "./MapsError.ts"

const aliases = new Set(["all", "mapnik", "torque", "http", "plain"])

const invalid = badRequest("Invalid layer filtering")

/** The layers bottom first, in whatever order they are named. */
export const selectLayers = (
  layers: ReadonlyArray<Layer>,
  filter: string | undefined
): Effect.Effect<ReadonlyArray<Layer>, MapsError> => {
  if (filter === undefined) return Effect.succeed(layers.filter(({ type }) => type === "mapnik"))
  if (aliases.has(filter)) return Effect.succeed(layers.filter(({ type }) => filter === "all" || type === filter))
  const names = filter.split(",")
  if (/^\d+$/.test(filter) && layers[Number(filter)] === undefined) {
    return Effect.fail(badRequest(`Layer '${filter}' not found in layergroup`))
  }
  const byNumber = names.every((name) => /^\d+$/.test(name))
  const isNamed = (layer: Layer) =>
    names.some((name) => (byNumber ? Number(name) === layer.index : layer.hasOwnId && name === layer.id))
  const chosen = layers.filter(isNamed)
  return chosen.length === new Set(names).size ? Effect.succeed(chosen) : Effect.fail(invalid)
}
