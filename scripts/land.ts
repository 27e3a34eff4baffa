/** Writes the coarse outlines that lie under the preview's maps: Natural Earth's land, which is in the public domain. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { feature } from "topojson-client"
import { unwrapped } from "./geometry.ts"

type Rings = ReadonlyArray<ReadonlyArray<ReadonlyArray<number>>>
interface Land {
  readonly features: ReadonlyArray<{ readonly geometry: { readonly coordinates: ReadonlyArray<Rings> } }>
}

const atlas = JSON.parse(readFileSync(new URL(import.meta.resolve("world-atlas/land-110m.json")), "utf8"))
const target = join(import.meta.dirname, "../packages/cli/src/preview/page/land.json")

/** A collection of one feature, all polygons in it. */
const land: Land = JSON.parse(JSON.stringify(feature(atlas, atlas.objects.land)))
/** A line of text for each ring: the formatter would give each number a line of its own. */
const text = (ring: ReadonlyArray<ReadonlyArray<number>>): string =>
  unwrapped(ring)
    .map(([x, y]) => `${x},${y}`)
    .join(" ")
const polygons = land.features.flatMap(({ geometry }) => geometry.coordinates.map((rings) => rings.map(text)))
writeFileSync(target, `${JSON.stringify(polygons)}\n`)
