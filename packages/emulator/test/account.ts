/** Calls of an emulator's account by tests of the platform's APIs. */
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Emulator, localMasterKey } from "../src/Emulator.ts"
import { json, type RawResponse, send } from "./http.ts"

export interface Call {
  readonly query?: Record<string, string>
  readonly body?: unknown
  /** The master key unless told; an empty one is not sent. */
  readonly key?: string
}

const masterKey = Redacted.value(localMasterKey)

/** A call of `/api/v1/{path}` unless the path has a version. */
export const ask = Effect.fnUntraced(function* (
  method: string,
  path: string,
  { body, key = masterKey, query = {} }: Call = {}
) {
  const { url } = yield* Emulator
  const parameters = new URLSearchParams({ ...query, ...(key === "" ? {} : { api_key: key }) })
  return yield* send(`${url}/api/${/^v\d/.test(path) ? path : `v1/${path}`}?${parameters}`, {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) })
  })
})

export const get = (path: string, call?: Call) => Effect.map(ask("GET", path, call), json)

/** Status and body, which is what a refusal is. */
export const refusal = (response: RawResponse) => [
  response.status,
  response.text.trim() === "" ? response.text : json(response)
]

/** Runs SQL with the rights of a key; the rows. */
export const sql = (q: string, key = masterKey) =>
  Effect.map(ask("POST", "v2/sql", { body: { q }, key }), (response) => json(response).rows)

/** A cartodbfied table with some points on the diagonal, a second younger than the one before. */
export const makeDataset = Effect.fnUntraced(function* (name: string, points = 0) {
  yield* TestClock.adjust("1 second")
  yield* sql(
    `create table ${name} as select ST_SetSRID(ST_MakePoint(i, i), 4326) as the_geom from generate_series(1, ${points}) i;
     select cdb_cartodbfytable('${name}')`
  )
  return yield* get(`viz/${name}`)
})

/** A map over some datasets, a second younger than the one before. */
export const makeMap = Effect.fnUntraced(function* (...tables: ReadonlyArray<string>) {
  yield* TestClock.adjust("1 second")
  return json(yield* ask("POST", "viz", { body: { tables } }))
})
