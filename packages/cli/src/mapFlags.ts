/** Flags of commands about maps. */
import type { LayerFilter } from "@effect-carto/core/TileOptions"
import type { Bbox } from "@effect-carto/core/Tiles"
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"

export const target = Argument.String("FILE|NAME").pipe(
  Argument.withDescription("A configuration or a template in a file, - for standard input; or the name of a named map")
)

type Assignment = readonly [name: string, value: string | number]

/** Numbers are numbers, as the server refuses most of them as text; JSON text in quotes stays text. */
export const parseAssignment = (text: string): Option.Option<Assignment> => {
  const [, name, value] = /^([a-z]\w*)=(.*)$/is.exec(text) ?? []
  if (name === undefined || value === undefined) return Option.none()
  const quoted = /^"([^"\\]*)"$/.exec(value)?.[1]
  const isNumber = /^-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/i.test(value)
  return Option.some([name, quoted ?? (isNumber ? Number(value) : value)])
}

export const placeholders = Flag.String("set").pipe(
  Flag.filterMap(parseAssignment, () => "NAME=VALUE"),
  Flag.withMetavar("NAME=VALUE"),
  Flag.withDescription("The value of a placeholder; a number unless in quotes: --set 'zip=\"08001\"'"),
  Flag.atLeast(0),
  Flag.map((assignments): Readonly<Record<string, string | number>> => Object.fromEntries(assignments))
)

export const tokenFile = Flag.String("token-file").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription("The token of a named map that wants one, in a file; - is standard input"),
  Flag.optional
)

const decimals = (text: string): ReadonlyArray<number> =>
  text.split(",").map((part) => (/^\s*[-+]?(\d+\.?\d*|\.\d+)\s*$/.test(part) ? Number(part) : Number.NaN))

const parseBbox = (text: string): Option.Option<Bbox> => {
  const [west, south, east, north, ...rest] = decimals(text)
  if (west === undefined || south === undefined || east === undefined || north === undefined || rest.length > 0) {
    return Option.none()
  }
  const isOnEarth = [west, east].every((x) => Math.abs(x) <= 180) && [south, north].every((y) => Math.abs(y) <= 90)
  return isOnEarth && south < north && west !== east ? Option.some([west, south, east, north]) : Option.none()
}

export const bbox = Flag.String("bbox").pipe(
  Flag.filterMap(parseBbox, () => "four numbers, WEST,SOUTH,EAST,NORTH in degrees, the south below the north"),
  Flag.withMetavar("W,S,E,N"),
  Flag.withDescription("West, south, east and north in degrees; a west beyond the east crosses the 180th meridian")
)

const parseCenter = (text: string): Option.Option<{ readonly lng: number; readonly lat: number }> => {
  const [lng, lat, ...rest] = decimals(text)
  return lng !== undefined && lat !== undefined && rest.length === 0 && Math.abs(lng) <= 180 && Math.abs(lat) <= 90
    ? Option.some({ lng, lat })
    : Option.none()
}

export const center = Flag.String("center").pipe(
  Flag.filterMap(parseCenter, () => "two numbers, LONGITUDE,LATITUDE in degrees"),
  Flag.withMetavar("LNG,LAT"),
  Flag.withDescription("What lies in the middle, in degrees; with --zoom")
)

/** Indices are numbers, ids and words are texts; not both. */
export const parseLayers = (text: string): Option.Option<LayerFilter> => {
  const parts = text.split(",").map((part) => part.trim())
  const [first] = parts
  if (first === undefined || parts.includes("")) return Option.none()
  if (parts.every((part) => /^\d+$/.test(part))) {
    return Option.some(parts.length === 1 ? Number(first) : parts.map(Number))
  }
  if (parts.some((part) => /^\d+$/.test(part))) return Option.none()
  return Option.some(parts.length === 1 ? first : parts)
}

export const layers = Flag.String("layers").pipe(
  Flag.filterMap(parseLayers, () => "indices from 0, or ids, or all, mapnik, torque, http or plain"),
  Flag.withMetavar("LAYERS"),
  Flag.withDescription("Indices from 0 such as 0,2, or ids; or all, mapnik, torque, http, plain"),
  Flag.optional
)

export const force = Flag.Boolean("force").pipe(
  Flag.withDescription("Replace what is there already"),
  Flag.withDefault(false)
)
