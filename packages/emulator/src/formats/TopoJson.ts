/** `format=topojson`: the features of `geojson` with their shared borders drawn once. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as GeoJson from "geojson"
import { topology } from "topojson-server"
import { fromDatabase } from "../ApiError.ts"
import type { Format } from "./Format.ts"
import { features, geoJsonStatement } from "./GeoJson.ts"

const encode: Format["encode"] = (messages, options) =>
  Effect.gen(function* () {
    const rows = features(options)
    const collected: Record<string, GeoJson.Feature> = {}
    let count = 0
    yield* Stream.runForEach(messages, (message) =>
      Effect.sync(() => {
        if (message._tag === "RowDescription") rows.describe(message.fields)
        if (message._tag === "DataRow" && message.cells.at(-1) !== null) {
          collected[count++] = JSON.parse(rows.toJson(message.cells))
        }
      })
    ).pipe(Effect.mapError(fromDatabase))
    return Stream.make(new TextEncoder().encode(JSON.stringify(topology(collected))))
  }).pipe(Stream.unwrap)

/** Rows without geometry are dropped; objects are named 0, 1, …; `undefined` is the real servers' content type. */
export const TopoJson: Format = {
  extension: "topojson",
  contentType: "undefined",
  jsonp: true,
  whole: false,
  statement: geoJsonStatement,
  encode
}
