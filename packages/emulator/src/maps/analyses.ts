/** Analysis nodes: the emulator has only sources, which are always ready (maps reference, §11). */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { httpDate } from "../QueryTables.ts"
import type { Access } from "./access.ts"
import { callback, type MapsExchange } from "./exchange.ts"
import { nodeId } from "./layergroup.ts"
import { jsonText, MapsError } from "./MapsError.ts"

/** Without rights on the catalogue nobody learns about nodes. */
export const analysisNode = Effect.fnUntraced(function* ({ exchange, map }: Access) {
  if (exchange.key.type !== "master") {
    return yield* new MapsError({ status: 403, message: "permission denied for table cdb_analysis_catalog" })
  }
  const id = exchange.path.node ?? ""
  const isKnown = [...map.definition.sources.values()].some((sql) => nodeId(sql) === id)
  const answer = isKnown ? { node_id: id, status: "ready", updated_at: null } : { node_id: id, status: "unknown" }
  return HttpServerResponse.setHeaders(jsonText(JSON.stringify(answer), callback(exchange.request)), {
    "cache-control": "public,max-age=5",
    "last-modified": httpDate(yield* Clock.currentTimeMillis)
  })
})

/** No node of the emulator has ever written a table. */
export const analysesCatalog = Effect.fnUntraced(function* ({ key, request }: MapsExchange) {
  if (key.type !== "master") return yield* new MapsError({ status: 401, message: "Unauthorized" })
  const now = yield* Clock.currentTimeMillis
  const age = Math.max(1, Math.floor((300_000 - (now % 300_000)) / 1000))
  return HttpServerResponse.setHeader(
    jsonText(JSON.stringify({ catalog: [] }), callback(request)),
    "cache-control",
    `public,max-age=${age},must-revalidate`
  )
})
