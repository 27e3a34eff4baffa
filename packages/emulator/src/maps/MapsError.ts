/** A refusal in the words of the Maps API: `{"errors":[text],"errors_with_context":[{type, message, …}]}`. */
import * as Data from "effect/Data"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { DatabaseError } from "../Database.ts"

/** The layer that an error speaks of. The cluster endpoint writes its index as text. */
export interface LayerContext {
  readonly id?: string | undefined
  readonly index: number | string
  readonly type: string
}

/** The analysis node that an error speaks of. */
export interface AnalysisContext {
  readonly id?: string | undefined
  readonly node_id?: string | undefined
  readonly type: string
}

/** One refusal, with the status that it is sent with. */
export class MapsError extends Data.TaggedError("MapsError")<{
  readonly status: number
  readonly message: string
  readonly type?: string | undefined
  readonly subtype?: string | undefined
  readonly layer?: LayerContext | undefined
  readonly analysis?: AnalysisContext | undefined
}> {}

type Context = Partial<Pick<MapsError, "type" | "subtype" | "layer" | "analysis">>

/** Status 400, as nearly everything that is wrong with a request. */
export const badRequest = (message: string, context: Context = {}): MapsError =>
  new MapsError({ status: 400, message, ...context })

/** 501: what only the real servers do. They never answer it, so nobody can take it for theirs. */
export const unsupported = (what: string): MapsError =>
  new MapsError({
    status: 501,
    message: `Not supported by the emulator: ${what}`,
    type: "emulator",
    subtype: "not-supported"
  })

const overLimits = "You are over platform's limits:"

/** The rate limit; its headers stand on the answer already. */
export const tooManyRequests = new MapsError({
  status: 429,
  message: `${overLimits} too many requests. Please contact us to know more details`,
  type: "limit",
  subtype: "rate-limit"
})

/** A statement that took too long, where a layer was drawn. */
export const renderTimeout = (layer?: LayerContext): MapsError =>
  new MapsError({
    status: 429,
    message: `${overLimits} Render timeout error. Contact CARTO support for more details.`,
    type: "limit",
    subtype: "render",
    layer
  })

const queryTimeout = new MapsError({
  status: 429,
  message: `${overLimits} SQL query timeout error. Refactor your query before running again or contact CARTO support for more details.`,
  type: "limit",
  subtype: "datasource"
})

/** The servers guess a status from the text of an error (maps reference, §3.2). */
export const guessStatus = (message: string): number => {
  if (/permission denied|authentication failed/.test(message)) return 403
  if (!message.includes("does not exist")) return 400
  if (/^Postgis Plugin[\s\S]*column/.test(message)) return 400
  if (message.includes(" role ")) return 403
  return /function .* does not exist/.test(message) ? 400 : 404
}

/** What the servers make of an error of PostgreSQL; `context` where they know which layer or node failed. */
export const fromDatabase = (error: DatabaseError, context: Context = {}, message = error.message): MapsError =>
  error.code === "57014" ? queryTimeout : new MapsError({ status: guessStatus(message), message, ...context })

/** The text of the renderer about a layer whose SQL failed; it has no place of the error in it. */
export const layerText = (error: DatabaseError, statement: string, id: string): string =>
  `Postgis Plugin: ERROR:  ${error.message}\nin executeQuery Full sql was: '${statement}'\n  encountered during parsing of layer '${id}' in Layer`

const body = ({ analysis, layer, message, subtype, type = "unknown" }: MapsError): string =>
  JSON.stringify({ errors: [message], errors_with_context: [{ type, message, subtype, layer, analysis }] })

/** JSON, or a call of a JSONP function. */
export const jsonText = (
  text: string,
  callback: string | undefined,
  status = 200
): HttpServerResponse.HttpServerResponse =>
  callback === undefined
    ? HttpServerResponse.text(text, { status, contentType: "application/json; charset=utf-8" })
    : HttpServerResponse.text(`/**/ typeof ${callback} === 'function' && ${callback}(${text});`, {
        contentType: "text/javascript; charset=utf-8",
        headers: { "x-content-type-options": "nosniff" }
      })

/** With a JSONP `callback` every refusal is status 200. */
export const toResponse = (error: MapsError, callback: string | undefined): HttpServerResponse.HttpServerResponse =>
  jsonText(body(error), callback, error.status)
