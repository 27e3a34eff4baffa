/** Short words for requests to the Maps API of the emulator in a test's context. */
import { Effect } from "effect"
import { Emulator } from "../src/Emulator.ts"
import { json, send } from "./http.ts"

/** Behind `/api/v1/map`. */
export const get = Effect.fnUntraced(function* (path: string, headers: Record<string, string> = {}) {
  const { url } = yield* Emulator
  return yield* send(`${url}/api/v1/map/${path}`, { headers })
})

export const request = Effect.fnUntraced(function* (method: string, path: string, body?: unknown) {
  const { url } = yield* Emulator
  const text = JSON.stringify(body) ?? ""
  return yield* send(`${url}/api/v1/map${path}`, {
    method,
    headers: { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) },
    body: text
  })
})

export const layer = (options: object, id?: string) => ({ type: "cartodb", id, options })

export const style = { cartocss: "#layer { marker-width: 8; }", cartocss_version: "2.3.0" }

/** The answer to a new anonymous map. */
export const instantiate = (layers: ReadonlyArray<unknown>, more: object = {}, query = "") =>
  Effect.map(request("POST", query, { version: "1.7.0", layers, ...more }), json)

/** The answer as JSON. */
export const read = (path: string) => Effect.map(get(path), json)
