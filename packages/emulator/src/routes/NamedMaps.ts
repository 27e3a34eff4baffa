/** `/api/v1/map/named`: templates, and maps made of them (maps reference, §14). */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { Access } from "../maps/access.ts"
import { answerInstantiated } from "../maps/answerInstantiated.ts"
import { estimatedView } from "../maps/estimatedView.ts"
import { callback, forbidden, type MapsExchange, parameter } from "../maps/exchange.ts"
import { instantiate, instantiateOnce } from "../maps/instantiate.ts"
import { isJsonObject, type JsonObject, members, parse } from "../maps/json.ts"
import { badRequest, jsonText, MapsError } from "../maps/MapsError.ts"
import { ofTemplate, openTemplate, templateName } from "../maps/namedMap.ts"
import { rasterTile } from "../maps/rasterTile.ts"
import { type MapsRoute, route } from "../maps/router.ts"
import { previewFilter, readFormat, readSize, staticImage, viewOfTemplate } from "../maps/staticImage.ts"
import { type Template, Templates } from "../maps/Templates.ts"
import { readTemplate } from "../maps/template.ts"
import { readTileAddress } from "../maps/tileAddress.ts"
import { vectorTile } from "../maps/vectorTile.ts"
import { addHeaders } from "./endpoint.ts"

type Handler = MapsRoute["handle"]

const json = (exchange: MapsExchange, value: unknown) => jsonText(JSON.stringify(value), callback(exchange.request))

/** Only the master key manages templates; who shows none is told what for. */
const managed =
  (verb: string, handle: Handler): Handler =>
  (exchange) => {
    if (exchange.sentKey === undefined) {
      return Effect.fail(new MapsError({ status: 403, message: `Only authenticated users can ${verb} templated maps` }))
    }
    return exchange.key.type === "master" ? handle(exchange) : Effect.fail(forbidden)
  }

const templateOf = ({ body, request }: MapsExchange) =>
  body === undefined
    ? Effect.fail(badRequest(`${request.method} template data must be of type application/json`))
    : readTemplate(members(body))

const list: Handler = (exchange) =>
  Effect.gen(function* () {
    return json(exchange, { template_ids: yield* (yield* Templates).list })
  })

const create: Handler = (exchange) =>
  Effect.gen(function* () {
    const { json: template, name } = yield* templateOf(exchange)
    const warning = yield* (yield* Templates).create(name, template)
    return json(exchange, { template_id: name, limit_message: warning })
  })

const read: Handler = (exchange) =>
  Effect.gen(function* () {
    const name = templateName(exchange)
    const template = yield* (yield* Templates).get(name)
    if (template === undefined) {
      const message = `Cannot find template '${name}' of user '${exchange.user}'`
      return yield* new MapsError({ status: 404, message })
    }
    return json(exchange, { template: template.json })
  })

const replace: Handler = (exchange) =>
  Effect.gen(function* () {
    const current = templateName(exchange)
    const { json: template, name } = yield* templateOf(exchange)
    if (name !== current) {
      return yield* badRequest(`Cannot update name of a map template ('${current}' != '${name}')`)
    }
    yield* (yield* Templates).replace(name, template)
    return json(exchange, { template_id: name })
  })

const remove: Handler = (exchange) =>
  Effect.gen(function* () {
    yield* (yield* Templates).remove(templateName(exchange))
    return HttpServerResponse.empty({ status: 204 })
  })

const made = Effect.fnUntraced(function* (exchange: MapsExchange, values: JsonObject) {
  const template = yield* openTemplate(exchange)
  const asked = yield* ofTemplate(exchange, template, values)
  return yield* answerInstantiated(exchange, yield* instantiate(asked), template)
})

const instantiateByPost: Handler = (exchange) =>
  exchange.body === undefined
    ? Effect.fail(badRequest("POST data must be of type application/json"))
    : made(exchange, members(exchange.body))

const instantiateByJsonp: Handler = (exchange) =>
  Effect.gen(function* () {
    if (callback(exchange.request) === undefined) {
      return yield* badRequest("callback parameter should be present and be a function name")
    }
    const config = parameter(exchange, "config")
    const values = config === undefined ? {} : parse(config)
    if (!isJsonObject(values)) return yield* badRequest("Invalid config parameter, should be a valid JSON")
    return yield* made(exchange, values)
  })

/** A map for one answer, with the placeholders that the query gives. */
const once = Effect.fnUntraced(function* (exchange: MapsExchange) {
  yield* addHeaders({ "carto-cache-buster": String(yield* Clock.currentTimeMillis) })
  const template = yield* openTemplate(exchange)
  const config = parameter(exchange, "config")
  const values = config === undefined ? {} : parse(config)
  if (!isJsonObject(values)) return yield* badRequest("malformed config parameter, should be a valid JSON")
  const asked = yield* ofTemplate(exchange, template, values)
  return { template, asked }
})

const opened = Effect.fnUntraced(function* (
  exchange: MapsExchange,
  { asked, template }: Effect.Success<ReturnType<typeof once>>
) {
  const map = yield* instantiateOnce(asked)
  yield* addHeaders({ "carto-template-hash": template.hash })
  const access: Access = { exchange, map, role: asked.role, buster: String(map.buster), template: template.name }
  return access
})

const tile: Handler = (exchange) =>
  Effect.gen(function* () {
    const address = yield* readTileAddress(exchange.path)
    const { format, layers } = exchange.path
    const ready = yield* once(exchange)
    if (format === "grid.json") return yield* badRequest("Missing interactivity parameter")
    const access = yield* opened(exchange, ready)
    if (format === "mvt") return yield* vectorTile(access, address, layers, 200)
    if (format === "png" || format === "png32") return yield* rasterTile(access, address, layers, 1)
    return yield* badRequest(`Unsupported format ${format}`)
  })

const drawn = Effect.fnUntraced(function* (exchange: MapsExchange, access: Access, template: Template) {
  const size = yield* readSize(exchange.path)
  const view = viewOfTemplate(exchange, template.json, size) ?? (yield* estimatedView(access, size))
  return yield* staticImage(access, view, size, previewFilter(template.json, access.map.layers))
})

const picture: Handler = (exchange) =>
  Effect.gen(function* () {
    yield* readFormat(exchange.path.format)
    const ready = yield* once(exchange)
    return yield* drawn(exchange, yield* opened(exchange, ready), ready.template)
  })

/** The routes of templates; `jsonp` and tiles stand behind a template's name, so they come first. */
export const namedMaps: ReadonlyArray<MapsRoute> = [
  route("GET", "/named/:name/jsonp", "named", instantiateByJsonp),
  route("GET", "/named/:name/:layers/:z/:x/:y.:format", "named_tiles", tile, readTileAddress),
  route("GET", "/static/named/:name/:width/:height.:format", "static_named", picture),
  route("POST", "/named", "named_create", managed("create", create)),
  route("GET", "/named", "named_list", managed("list", list)),
  route("POST", "/named/:name", "named", instantiateByPost),
  route("PUT", "/named/:name", "named_update", managed("update", replace)),
  route("GET", "/named/:name", "named_get", managed("get", read)),
  route("DELETE", "/named/:name", "named_delete", managed("delete", remove))
]
