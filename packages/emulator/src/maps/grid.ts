/** UTFGrid: which feature lies under each of 64 by 64 cells of a tile, for hovering over images. */
import * as Effect from "effect/Effect"
import { type Access, cachedJson } from "./access.ts"
import { ofTile } from "./Frame.ts"
import { featureOptions } from "./featureOptions.ts"
import { features } from "./features.ts"
import { interactivity, type Layer } from "./Layer.ts"
import { badRequest, fromDatabase } from "./MapsError.ts"
import { covers } from "./mvt/covers.ts"
import { type Feature, readFeatures } from "./mvt/readFeatures.ts"
import { selectLayers } from "./selectLayers.ts"
import type { TileAddress } from "./tileAddress.ts"

const size = 64
const pixelsPerCell = 4
/** Parts of a cell in which features are told. */
const unitsPerCell = 64

// In cells, as the real servers' renderer is seen to draw markers.
const markOutline = 0.18
const markShift = 0.36

/** Pixels from the middle of a mark to its edge, as far as a style tells it plainly. */
const reach = ({ options }: Layer, property: string, fallback: number): number =>
  Number(new RegExp(`${property}:\\s*([\\d.]+)`).exec(String(options.cartocss))?.[1] ?? fallback) / 2

/** The topmost feature of each cell by the number of its row; 0 where there is none. */
const cells = (layer: Layer, list: ReadonlyArray<Feature>): Uint32Array => {
  const marks = {
    point: (reach(layer, "marker-width", 10) / pixelsPerCell + markOutline) * unitsPerCell,
    line: (reach(layer, "line-width", 1) / pixelsPerCell) * unitsPerCell,
    shift: markShift * unitsPerCell
  }
  const result = new Uint32Array(size * size)
  for (const { row, shape } of list)
    covers(shape, size, unitsPerCell, marks, (cell) => result.fill(row, cell, cell + 1))
  return result
}

const firstCode = 32

/** A key's number as a character: those that JSON would write longer are left out. */
const character = (index: number): string => {
  let code = firstCode + index
  if (code >= 34) code += 1
  if (code >= 92) code += 1
  return String.fromCodePoint(code)
}

/** Keys stand in the order in which the cells name them. */
const toJson = (grid: Uint32Array, list: ReadonlyArray<Feature>, columns: ReadonlyArray<string>) => {
  const keys = new Map([[0, 0]])
  for (const row of grid) if (!keys.has(row)) keys.set(row, keys.size)
  const lines = Array.from({ length: size }, (_, line) =>
    [...grid.subarray(line * size, (line + 1) * size)].map((row) => character(keys.get(row) ?? 0)).join("")
  )
  const data = list
    .filter(({ row }) => keys.has(row))
    .map(({ properties, row }) => [row, Object.fromEntries(columns.map((name) => [name, properties[name] ?? null]))])
  return {
    grid: lines,
    keys: [...keys.keys()].map((row) => (row === 0 ? "" : String(row))),
    data: Object.fromEntries(data)
  }
}

export const gridTile = Effect.fnUntraced(function* (
  access: Access,
  { x, y, z }: TileAddress,
  filter: string | undefined
) {
  const { map, role } = access
  const [layer, ...others] = yield* selectLayers(map.layers, filter)
  if (layer?.type !== "mapnik" || others.length > 0) return yield* badRequest("Unsupported format grid.json")
  const columns = interactivity(layer.options)
  if (columns.length === 0) return yield* badRequest("Missing interactivity parameter")
  if (y >= 2 ** z) return yield* badRequest(`Coordinates out of range: ${z}/${x}/${y}`)
  const options = { ...featureOptions(layer, map.definition, "grid.json"), extent: size * unitsPerCell }
  const found = yield* Effect.mapError(features(ofTile(z, x, y), options, role), (error) => fromDatabase(error))
  const list = readFeatures(found.columns, found.rows)
  return yield* cachedJson(access, toJson(cells(layer, list), list, columns))
})
