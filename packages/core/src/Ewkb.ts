/** PostGIS's extended well-known binary, decoded to GeoJSON coordinates and encoded from them. */
import type * as Result from "effect/Result"
import type * as GeoJson from "./GeoJson.ts"
import { attempt } from "./internal/attempt.ts"
import { EwkbError, fail } from "./internal/ewkbFormat.ts"
import { Reader } from "./internal/ewkbReader.ts"
import { ordinatesOf, Writer } from "./internal/ewkbWriter.ts"

export { EwkbError }

/** A decoded geometry; each position holds x, y, then z and m as far as the flags say. `srid` 0 means unknown. */
export interface Decoded {
  readonly geometry: GeoJson.Geometry
  readonly srid: number
  readonly hasZ: boolean
  readonly hasM: boolean
}

const isEwkbError = (error: unknown): error is EwkbError => error instanceof EwkbError

/** EWKB or plain WKB in either byte order; curves, surfaces and trailing bytes are refused. */
export const decode = (bytes: Uint8Array): Result.Result<Decoded, EwkbError> =>
  attempt(isEwkbError, () => {
    const reader = new Reader(bytes)
    const geometry = reader.geometry(0)
    if (reader.offset !== bytes.length) fail(`${bytes.length - reader.offset} bytes behind the geometry`)
    return { geometry, srid: reader.srid, hasZ: reader.hasZ, hasM: reader.hasM }
  })

/** GeoJSON to little-endian EWKB; `srid` defaults to 4326, GeoJSON's own. A third ordinate is z unless `hasZ` is false. */
export const encode = (
  geometry: GeoJson.Geometry,
  options?: {
    readonly srid?: number | undefined
    readonly hasZ?: boolean | undefined
    readonly hasM?: boolean | undefined
  }
): Result.Result<Uint8Array, EwkbError> =>
  attempt(isEwkbError, () => {
    const ordinates = ordinatesOf(geometry)
    const writer = new Writer(options?.hasZ ?? ordinates > 2, options?.hasM ?? ordinates > 3)
    writer.geometry(geometry, options?.srid ?? 4326, 0)
    return writer.bytes.subarray(0, writer.length)
  })
