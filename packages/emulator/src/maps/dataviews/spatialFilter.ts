/** The area that a request for a dataview is limited to, as a condition of SQL. */
import * as Effect from "effect/Effect"
import { quoteLiteral } from "../../SqlText.ts"
import { type MapsExchange, parameter } from "../exchange.ts"
import { finite, member, parse } from "../json.ts"
import { badRequest, type MapsError } from "../MapsError.ts"

const geometry = "the_geom_webmercator"

const maxLatitude = 85.0511
const limited = (latitude: number): number => Math.max(-maxLatitude, Math.min(maxLatitude, latitude))

/** A longitude within the world. */
const wrapped = (longitude: number): number => ((((longitude + 180) % 360) + 360) % 360) - 180

const intersects = (west: number, south: number, east: number, north: number): string =>
  `ST_Intersects(${geometry}, ST_Transform(ST_MakeEnvelope(${west}, ${limited(south)}, ${east}, ${limited(north)}, 4326), 3857))`

/** A box that crosses the edge of the world is two. */
const box = (text: string): Effect.Effect<string, MapsError> => {
  const [west, south, east, north, ...more] = text.split(",").map((part) => finite(part))
  if (west === undefined || south === undefined || east === undefined || north === undefined || more.length > 0) {
    return Effect.fail(badRequest('Invalid bbox filter, expected format="west,south,east,north"'))
  }
  if (east - west >= 360) return Effect.succeed(intersects(-180, south, 180, north))
  const [left, right] = [wrapped(west), east === 180 ? 180 : wrapped(east)]
  return Effect.succeed(
    left <= right
      ? intersects(left, south, right, north)
      : `(${intersects(left, south, 180, north)} OR ${intersects(-180, south, right, north)})`
  )
}

const circle = (text: string): Effect.Effect<string, MapsError> => {
  const value = parse(text)
  const [lng, lat, radius] = ["lng", "lat", "radius"].map((name) => finite(member(value, name)))
  if (lng === undefined || lat === undefined || radius === undefined) {
    const message = 'Missing parameter for Circle Filter, expected: "lng", "lat", and "radius"'
    return Effect.fail(badRequest(message, { type: "filter" }))
  }
  const middle = `ST_SetSRID(ST_MakePoint(${lng}, ${lat}), 4326)::geography`
  return Effect.succeed(`ST_DWithin(ST_Transform(${geometry}, 4326)::geography, ${middle}, ${radius})`)
}

const polygon = (text: string): Effect.Effect<string, MapsError> => {
  const value = parse(text)
  if (member(value, "type") !== "Polygon") {
    return Effect.fail(badRequest("Invalid type of geometry. Valid ones: Polygon", { type: "filter" }))
  }
  const shape = `ST_SetSRID(ST_GeomFromGeoJSON(${quoteLiteral(text)}), 4326)`
  return Effect.succeed(`ST_Intersects(${geometry}, ST_Transform(${shape}, 3857))`)
}

/** The first of `bbox`, `circle` and `polygon` that the query has. */
export const spatialFilter = (exchange: MapsExchange): Effect.Effect<ReadonlyArray<string>, MapsError> => {
  const readers = [["bbox", box] as const, ["circle", circle] as const, ["polygon", polygon] as const]
  const found = readers.find(([name]) => parameter(exchange, name) !== undefined)
  if (found === undefined) return Effect.succeed([])
  return Effect.map(found[1](parameter(exchange, found[0]) ?? ""), (condition) => [condition])
}
