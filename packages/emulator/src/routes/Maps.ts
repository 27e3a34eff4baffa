/** `/api/v1/map`: anonymous maps, and what there is of any map that was instantiated (maps reference, §5 to §13). */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import { openMap } from "../maps/access.ts"
import { analysesCatalog, analysisNode } from "../maps/analyses.ts"
import { answerInstantiated } from "../maps/answerInstantiated.ts"
import { attributesOf } from "../maps/attributesOf.ts"
import { cluster } from "../maps/cluster.ts"
import { answerDataview, searchDataview } from "../maps/dataviews/dataviews.ts"
import { type MapsExchange, parameter, userOf } from "../maps/exchange.ts"
import { gridTile } from "../maps/grid.ts"
import { instantiate } from "../maps/instantiate.ts"
import { isJsonObject, parseJson } from "../maps/json.ts"
import { badRequest, MapsError, unsupported } from "../maps/MapsError.ts"
import { rasterTile } from "../maps/rasterTile.ts"
import { dispatch, type MapsRoute, route } from "../maps/router.ts"
import { readBounds, readFormat, readSize, readView, staticImage, viewOfBounds } from "../maps/staticImage.ts"
import { readTileAddress, readZoom } from "../maps/tileAddress.ts"
import { torqueTile } from "../maps/torque.ts"
import { vectorTile } from "../maps/vectorTile.ts"
import { atAddress } from "./atAddress.ts"
import { namedMaps } from "./NamedMaps.ts"

const create = Effect.fnUntraced(function* (exchange: MapsExchange, json: unknown) {
  const { key } = exchange
  const made = yield* instantiate({
    exchange,
    json: isJsonObject(json) ? json : {},
    role: key.role,
    isOwner: key.type === "master",
    filters: parameter(exchange, "filters"),
    aggregation: parameter(exchange, "aggregation")
  })
  return yield* answerInstantiated(exchange, made)
})

const createByPost = (exchange: MapsExchange) =>
  exchange.body === undefined
    ? Effect.fail(badRequest("POST data must be of type application/json"))
    : create(exchange, exchange.body)

const createByGet = Effect.fnUntraced(function* (exchange: MapsExchange) {
  const config = parameter(exchange, "config")
  // What is no LZMA stream counts as absent.
  if (/^XQAA/.test(parameter(exchange, "lzma") ?? "")) return yield* unsupported("the parameter lzma")
  if (!config) return yield* badRequest('layergroup GET needs a "config" parameter')
  return yield* create(
    exchange,
    yield* Effect.mapError(Effect.fromResult(parseJson(config)), (text) => badRequest(text))
  )
})

const tile = Effect.fnUntraced(function* (exchange: MapsExchange) {
  const { format = "", layers, scale } = exchange.path
  const address = yield* readTileAddress(exchange.path)
  const access = yield* openMap(exchange)
  switch (format) {
    case "mvt":
      return yield* vectorTile(access, address, layers)
    case "grid.json":
      return yield* gridTile(access, address, layers)
    case "torque.json":
    case "json.torque":
      return yield* torqueTile(access, address, layers, format)
    case "png":
    case "png32": {
      const factor = scale === undefined ? 1 : Number(scale)
      if (factor > 2) return yield* new MapsError({ status: 404, message: "Tile with specified resolution not found" })
      return yield* rasterTile(access, address, layers, factor)
    }
    default:
      return yield* badRequest(`Unsupported format ${format}`)
  }
})

const attributes = Effect.fnUntraced(function* (exchange: MapsExchange) {
  return yield* attributesOf(yield* openMap(exchange), exchange.path.layer, exchange.path.feature ?? "")
})

const centered = Effect.fnUntraced(function* (exchange: MapsExchange) {
  yield* readFormat(exchange.path.format)
  const zoom = yield* readZoom(exchange.path.z)
  const view = yield* readView(exchange.path, zoom)
  const size = yield* readSize(exchange.path)
  return yield* staticImage(yield* openMap(exchange), view, size)
})

const boxed = Effect.fnUntraced(function* (exchange: MapsExchange) {
  const size = yield* readSize(exchange.path)
  const { east = "", north = "", south = "", west = "" } = exchange.path
  const bounds = readBounds([west, south, east, north].join(","))
  if (bounds === undefined) return yield* badRequest("No coords object")
  return yield* staticImage(yield* openMap(exchange), viewOfBounds(bounds, size), size)
})

const dataview = Effect.fnUntraced(function* (exchange: MapsExchange) {
  return yield* answerDataview(yield* openMap(exchange), exchange.path.dataview ?? "")
})

const search = Effect.fnUntraced(function* (exchange: MapsExchange) {
  return yield* searchDataview(yield* openMap(exchange), exchange.path.dataview ?? "")
})

/** In the order of the real servers, whose paths overlap. */
const table: ReadonlyArray<MapsRoute> = [
  ...namedMaps,
  route("POST", "", "anonymous", createByPost),
  route("GET", "", "anonymous", createByGet),
  route("GET", "/analyses/catalog", "analysis_catalog", analysesCatalog),
  route("GET", "/static/center/:token/:z/:latitude/:longitude/:width/:height.:format", "static", centered, ({ z }) =>
    readZoom(z)
  ),
  route("GET", "/static/bbox/:token/:west,:south,:east,:north/:width/:height.:format", "static", boxed),
  route("GET", "/:token/:z/:x/:y@(?<scale>\\d+)x.:format", "tile", tile, readTileAddress),
  route("GET", "/:token/:z/:x/:y.:format", "tile", tile, readTileAddress),
  route("GET", "/:token/:layers/:z/:x/:y.:format", "tile", tile, readTileAddress),
  route("GET", "/:token/:layer/attributes/:feature", "attributes", attributes),
  route("GET", "/:token/dataview/:dataview", "dataview", dataview),
  route("GET", "/:token/dataview/:dataview/search", "dataview_search", search),
  route("GET", "/:token/:layer/widget/:dataview", "dataview", dataview),
  route("GET", "/:token/:layer/widget/:dataview/search", "dataview_search", search),
  route("GET", "/:token/analysis/node/:node", "analysis", (exchange) =>
    Effect.flatMap(openMap(exchange), analysisNode)
  ),
  route("GET", "/:token/:layer/:z/cluster/:feature", "attributes", (exchange) =>
    Effect.flatMap(openMap(exchange), cluster)
  )
]

const handler = atAddress(dispatch(table), userOf)

/** All routes of maps, also those of named ones, under the account's addresses and as a CDN asks. */
export const routes = HttpRouter.addAll([
  HttpRouter.route("*", "/api/:version/map/*", handler),
  HttpRouter.route("*", "/user/:user/api/:version/map/*", handler),
  HttpRouter.route("*", "/u/:user/api/:version/map/*", handler),
  HttpRouter.route("*", "/:user/api/:version/map/*", handler)
])
