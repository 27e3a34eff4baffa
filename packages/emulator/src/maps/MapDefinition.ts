/** A map's configuration, read and checked as far as that needs no database. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { elements, finite, isJsonObject, type JsonObject, member, members } from "./json.ts"
import { interactivity } from "./Layer.ts"
import { badRequest, MapsError, unsupported } from "./MapsError.ts"

/** A dataview, or a widget of a layer, which is one in its older form. */
export interface Dataview {
  readonly name: string
  readonly type: string
  readonly options: JsonObject
  /** Of which source its rows are: a node's id, or `layer 0`. */
  readonly source: string
}

/** What a configuration says before filters, aggregation and the database are looked at. */
export interface MapDefinition {
  /** As it is hashed and stored. */
  readonly json: JsonObject
  readonly dataviews: ReadonlyMap<string, Dataview>
  /** The queries of analysis nodes by id. */
  readonly sources: ReadonlyMap<string, string>
  readonly statTag: string | undefined
}

/** Under which name a layer's own query is a source. */
export const layerSource = (index: number): string => `layer ${index}`

/** Of which source a layer's rows are. */
export const sourceOf = (index: number, options: JsonObject): string => {
  const id = member(options.source, "id")
  return Predicate.isString(id) ? id : layerSource(index)
}

const checkVersion = (version: unknown) => {
  if (version === undefined) return Effect.void
  const text = String(version)
  const numbers = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(text)
  if (numbers === null) return Effect.fail(badRequest(`Invalid Version: ${text}`))
  const [major, minor] = [Number(numbers[1]), Number(numbers[2])]
  const isKnown = major === 1 && (minor < 8 || (minor === 8 && Number(numbers[3]) === 0))
  return isKnown ? Effect.void : Effect.fail(badRequest(`Unsupported layergroup configuration version ${text}`))
}

const checkBufferSizes = (sizes: unknown) => {
  const wrong = Object.entries(members(sizes)).find(([, size]) => finite(size) === undefined)
  return wrong === undefined
    ? Effect.void
    : Effect.fail(badRequest(`Buffer size of format "${wrong[0]}" must be a number`))
}

const readSource = (node: unknown, mayWrite: boolean): Effect.Effect<readonly [string, string], MapsError> => {
  const [id, type, sql] = [member(node, "id"), member(node, "type"), member(member(node, "params"), "query")]
  const analysis = { id: Predicate.isString(id) ? id : undefined, type: String(type) }
  if (!Predicate.isString(type)) return Effect.fail(badRequest("Missing type of analysis node", { type: "analysis" }))
  if (type !== "source" && !mayWrite) {
    const message = "Analysis requires authentication with API key: permission denied."
    return Effect.fail(new MapsError({ status: 403, message, type: "analysis", analysis }))
  }
  if (type !== "source") return Effect.fail(unsupported(`analysis nodes of type "${type}"`))
  return Predicate.isString(sql)
    ? Effect.succeed([analysis.id ?? "", sql] as const)
    : Effect.fail(badRequest('Missing required param "query"', { type: "analysis", analysis }))
}

const readDataview = (
  [name, value]: readonly [string, unknown],
  sources: ReadonlyMap<string, string>
): Effect.Effect<Dataview, MapsError> => {
  const [source, type] = [member(member(value, "source"), "id"), member(value, "type")]
  if (!Predicate.isString(source)) return Effect.fail(badRequest(`Missing source.id for dataview "${name}"`))
  if (!Predicate.isString(type)) return Effect.fail(badRequest(`Missing type for dataview "${name}"`))
  if (!sources.has(source)) {
    const message = `Node with \`source.id="${source}"\` not found in analyses for dataview "${name}"`
    return Effect.fail(badRequest(message, { type: "analysis" }))
  }
  return Effect.succeed({ name, type, source, options: members(member(value, "options")) })
}

const widgets = (index: number, options: JsonObject): ReadonlyArray<Dataview> =>
  Object.entries(members(options.widgets)).map(([name, widget]) => ({
    name,
    type: String(member(widget, "type")),
    options: members(member(widget, "options")),
    source: sourceOf(index, options)
  }))

/** A layer as it is stored: with its source's query, and its columns for grids as one text. */
const stored = (layer: unknown, index: number, sources: ReadonlyMap<string, string>) => {
  const options = member(layer, "options")
  if (!isJsonObject(layer) || !isJsonObject(options)) return Effect.succeed(layer)
  const source = member(options.source, "id")
  if (Predicate.isString(source) && !sources.has(source)) {
    return Effect.fail(badRequest(`Missing analysis node.id="${source}" for layer=${index}`))
  }
  const sql = Predicate.isString(source) ? sources.get(source) : undefined
  return Effect.succeed({
    ...layer,
    options: {
      ...options,
      ...(Array.isArray(options.interactivity) ? { interactivity: interactivity(options).join(",") } : {}),
      ...(sql === undefined ? {} : { sql })
    }
  })
}

/** Reads a configuration. `mayWrite` is a key under which analyses could be made. */
export const readDefinition = Effect.fnUntraced(function* (
  json: JsonObject,
  mayWrite: boolean
): Effect.fn.Return<MapDefinition, MapsError> {
  if (!Array.isArray(json.layers)) return yield* badRequest("Missing layers array from layergroup config")
  yield* checkVersion(json.version)
  yield* checkBufferSizes(json.buffersize)
  const sources = new Map(yield* Effect.forEach(elements(json.analyses), (node) => readSource(node, mayWrite)))
  if (json.dataviews !== undefined && !isJsonObject(json.dataviews)) {
    return yield* badRequest('"dataviews" must be a valid JSON object: "array" type given')
  }
  const dataviews = yield* Effect.forEach(Object.entries(members(json.dataviews)), (entry) =>
    readDataview(entry, sources)
  )
  const layers = yield* Effect.forEach(elements(json.layers), (layer, index) => stored(layer, index, sources))
  const old = layers.flatMap((layer, index) => widgets(index, members(member(layer, "options"))))
  return {
    json: { ...json, layers },
    dataviews: new Map([...dataviews, ...old].map((dataview) => [dataview.name, dataview])),
    sources,
    statTag: Predicate.isString(json.stat_tag) ? json.stat_tag : undefined
  }
})
