/** The parameters of a request: query string and body, where a body's value wins over the query's. */
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Multipart from "effect/http/Multipart"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { type ApiError, badRequest } from "./ApiError.ts"

/** Values by name: text, a list of texts where a name is repeated, or whatever a JSON body holds. */
export type Values = ReadonlyMap<string, unknown>

/** Both places stay apart, because API keys are looked up in each on its own. */
export interface Params {
  readonly query: Values
  readonly body: Values
}

const collect = (entries: Iterable<readonly [string, string]>): Values => {
  const values = new Map<string, string | ReadonlyArray<string>>()
  for (const [name, value] of entries) {
    const known = values.get(name)
    values.set(name, known === undefined ? value : [known, value].flat())
  }
  return values
}

/** The parameters in the address of a request. */
export const query = (request: HttpServerRequest.HttpServerRequest): Values => {
  const start = request.url.indexOf("?")
  return start < 0 ? new Map() : collect(new URLSearchParams(request.url.slice(start)))
}

const json = (text: string): Effect.Effect<Values, ApiError> =>
  Effect.try({
    try: (): unknown => (text === "" ? {} : JSON.parse(text)),
    catch: (cause) => badRequest(cause instanceof Error ? cause.message : String(cause))
  }).pipe(Effect.map((value) => new Map(Predicate.isObject(value) ? Object.entries(value) : [])))

/**
 * The parameters in the body: JSON, form or multipart. Any other type is ignored, as is the body of GET and HEAD.
 *
 * Fails with the parser's own text.
 */
export const body = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const none: Values = new Map()
  if (request.method === "GET" || request.method === "HEAD") return none
  switch ((request.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase()) {
    case "application/json":
      return yield* request.text.pipe(
        Effect.mapError((error) => badRequest(error.message)),
        Effect.flatMap(json)
      )
    case "application/x-www-form-urlencoded":
      return yield* request.text.pipe(
        Effect.mapError((error) => badRequest(error.message)),
        Effect.map((text) => collect(new URLSearchParams(text)))
      )
    case "multipart/form-data":
      return yield* request.multipartStream.pipe(
        Stream.filter(Multipart.isField),
        Stream.map(({ key, value }) => [key, value] as const),
        Stream.runCollect,
        Effect.map(collect),
        Effect.mapError((error) => badRequest(error.message))
      )
    default:
      return none
  }
})

/** A parameter as it came. */
export const get = (params: Params, name: string): unknown =>
  params.body.has(name) ? params.body.get(name) : params.query.get(name)

const lastText = (value: unknown): string | undefined => {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value
  return Predicate.isNumber(last) ? String(last) : Predicate.isString(last) && last !== "" ? last : undefined
}

/** A parameter as text: the last one of a repeated name; an empty one is none. */
export const text = (params: Params, name: string): string | undefined => lastText(get(params, name))

/** The API key among some parameters. */
export const apiKey = (values: Values): string | undefined =>
  lastText(values.get("api_key")) ?? lastText(values.get("map_key"))

/** The name for JSONP, cut down to what can be a JavaScript name. Only the query string is asked. */
export const callback = (params: Params): string | undefined =>
  lastText(params.query.get("callback"))?.replace(/[^[\]\w$.]/g, "")
