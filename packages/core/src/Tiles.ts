/** The grid of map tiles: which of them cover an area, and where a place lies among them. */

/** Column from the west, row from the north. */
export interface Coordinates {
  readonly z: number
  readonly x: number
  readonly y: number
}

/** West, south, east, north in degrees. West of east, or the box crosses the 180th meridian. */
export type Bbox = readonly [west: number, south: number, east: number, north: number]

/** All tiles of these zoom levels that the box touches. */
export interface Area {
  readonly bbox: Bbox
  readonly minzoom: number
  readonly maxzoom: number
}

/** A tile as it came. Nothing is in it when `isEmpty`; a picture is never empty, only transparent. */
export interface Tile extends Coordinates {
  readonly bytes: Uint8Array
  readonly isEmpty: boolean
  readonly contentType: string | undefined
}

/** The map ends there: it is a square. */
export const maxLatitude = 85.05112877980659

export const maxZoom = 30

/** Where a place lies on the grid of a zoom level, with fractions. */
export const project = (longitude: number, latitude: number, z: number): { readonly x: number; readonly y: number } => {
  const sine = Math.sin((Math.max(-maxLatitude, Math.min(maxLatitude, latitude)) * Math.PI) / 180)
  const size = 2 ** z
  return {
    x: ((longitude + 180) / 360) * size,
    y: (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * size
  }
}

/** The degrees that a tile covers. */
export const bounds = ({ x, y, z }: Coordinates): Bbox => {
  const size = 2 ** z
  const latitude = (row: number) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / size))) * 180) / Math.PI
  return [(x / size) * 360 - 180, latitude(y + 1), ((x + 1) / size) * 360 - 180, latitude(y)]
}

/** The row counted from the south, as TMS and MBTiles do. */
export const tmsRow = ({ y, z }: Coordinates): number => 2 ** z - 1 - y

/** What keeps an area from being one, if anything. */
export const problemOf = ({ bbox, maxzoom, minzoom }: Area): string | undefined => {
  const [, south, , north] = bbox
  if (bbox.length !== 4 || !bbox.every(Number.isFinite)) return "a box has four numbers: west, south, east, north"
  if (bbox.some((degrees, i) => Math.abs(degrees) > (i % 2 === 0 ? 180 : 90))) return "the box is not on the earth"
  if (south > north) return "the south of the box lies north of its north"
  if (![minzoom, maxzoom].every(isZoom) || minzoom > maxzoom) return `zoom levels go from 0 to ${maxZoom}, upwards`
  return undefined
}

export const isZoom = (z: number): boolean => Number.isInteger(z) && z >= 0 && z <= maxZoom

/** What keeps coordinates from naming a tile, if anything. A column may lie outside: the earth is round. */
export const problemOfCoordinates = ({ x, y, z }: Coordinates): string | undefined => {
  if (!isZoom(z)) return `the zoom level ${z} is not a whole number from 0 to ${maxZoom}`
  if (!Number.isSafeInteger(x)) return `the column ${x} is not a whole number`
  return Number.isInteger(y) && y >= 0 && y < 2 ** z
    ? undefined
    : `the row ${y} is not one of the ${2 ** z} of zoom level ${z}`
}

interface Block {
  readonly z: number
  readonly columns: readonly [first: number, last: number]
  readonly rows: readonly [first: number, last: number]
}

/** One block for a zoom level, or two around the 180th meridian. */
const blocksAt = ([west, south, east, north]: Bbox, z: number): ReadonlyArray<Block> => {
  const last = 2 ** z - 1
  const cell = (value: number) => Math.max(0, Math.min(last, Math.floor(value)))
  // What ends exactly on an edge does not touch the tile behind it.
  const end = (value: number, start: number) => Math.max(start, Math.min(last, Math.ceil(value) - 1))
  const from = project(west, north, z)
  const to = project(east, south, z)
  const top = cell(from.y)
  const left = cell(from.x)
  const rows = [top, end(to.y, top)] as const
  if (west <= east) return [{ z, columns: [left, end(to.x, left)], rows }]
  const right = end(to.x, 0)
  return right >= left
    ? [{ z, columns: [0, last], rows }]
    : [
        { z, columns: [left, last], rows },
        { z, columns: [0, right], rows }
      ]
}

const blocks = ({ bbox, maxzoom, minzoom }: Area): ReadonlyArray<Block> =>
  Array.from({ length: maxzoom - minzoom + 1 }, (_, i) => blocksAt(bbox, minzoom + i)).flat()

/** How many tiles an area has; each zoom level has about four times as many as the one before. */
export const count = (area: Area): number =>
  blocks(area).reduce((sum, { columns, rows }) => sum + (columns[1] - columns[0] + 1) * (rows[1] - rows[0] + 1), 0)

/** The tiles of an area: zoom level by zoom level, column by column. */
export function* coordinates(area: Area): Generator<Coordinates> {
  for (const { columns, rows, z } of blocks(area)) {
    for (let x = columns[0]; x <= columns[1]; x++) {
      for (let y = rows[0]; y <= rows[1]; y++) yield { z, x, y }
    }
  }
}
