/** A vector tile as plain values. */
import { VectorTile } from "@mapbox/vector-tile"
import { PbfReader } from "pbf"

/** A ring from its smallest corner on, so that equal ones are equal wherever they begin. */
const rotated = (ring: ReadonlyArray<ReadonlyArray<number>>) => {
  const open = ring.slice(0, -1)
  const [x = 0, y = 0] = open.toSorted(([ax = 0, ay = 0], [bx = 0, by = 0]) => ax - bx || ay - by)[0] ?? []
  const start = open.findIndex((point) => point[0] === x && point[1] === y)
  return [...open.slice(start), ...open.slice(0, start)]
}

/** The features of each layer, by name; their order is not told. */
export const readTile = (bytes: Uint8Array) =>
  Object.fromEntries(
    Object.entries(new VectorTile(new PbfReader(bytes)).layers).map(([name, layer]) => {
      const features = Array.from({ length: layer.length }, (_, index) => {
        const feature = layer.feature(index)
        const paths = feature.loadGeometry().map((path) => path.map(({ x, y }) => [x, y]))
        return {
          id: feature.id,
          type: feature.type,
          properties: feature.properties,
          geometry: feature.type === 3 ? paths.map(rotated) : paths
        }
      })
      const sorted = features.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      return [name, { version: layer.version, extent: layer.extent, features: sorted }]
    })
  )
