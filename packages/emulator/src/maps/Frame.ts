/** A stretch of the Web Mercator plane that is drawn: a tile or a static image. */

/** Metres of the whole world, and from its middle to its edge. */
export const worldSize = 40_075_016.685578488
const halfWorld = worldSize / 2

/** Pixels of a tile. */
export const tileSize = 256

const scaleDenominatorAtZero = 559_082_264.0287178

/** Edges in metres of EPSG:3857, size in pixels of a 256-pixel tile at `zoom`. */
export interface Frame {
  readonly zoom: number
  readonly west: number
  readonly north: number
  readonly width: number
  readonly height: number
}

/** Metres of a pixel. */
export const resolution = (zoom: number): number => worldSize / tileSize / 2 ** zoom

/** The frame of a tile; `x` may be beyond the edges of the world, around which it goes. */
export const ofTile = (zoom: number, x: number, y: number): Frame => {
  const count = 2 ** zoom
  const column = ((x % count) + count) % count
  const size = worldSize / count
  return { zoom, west: -halfWorld + column * size, north: halfWorld - y * size, width: tileSize, height: tileSize }
}

/** The frame with pixels added on all sides, as a SQL expression in EPSG:3857. */
export const envelope = ({ height, north, west, width, zoom }: Frame, buffer = 0): string => {
  const metres = resolution(zoom)
  const around = buffer * metres
  const south = north - height * metres - around
  return `ST_MakeEnvelope(${west - around}, ${south}, ${west + width * metres + around}, ${north + around}, 3857)`
}

/** A query with the renderer's marks `!bbox!`, `!scale_denominator!`, … replaced; without a frame, by the whole world. */
export const substitute = (sql: string, frame: Frame = ofTile(0, 0, 0), buffer = 0): string => {
  const pixel = String(resolution(frame.zoom))
  return sql
    .replaceAll("!bbox!", envelope(frame, buffer))
    .replaceAll("!scale_denominator!", String(scaleDenominatorAtZero / 2 ** frame.zoom))
    .replaceAll("!pixel_width!", pixel)
    .replaceAll("!pixel_height!", pixel)
}
