/** Calls of the Data Observatory's own service by tests. */
import { assert } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Emulator, localMasterKey } from "../../src/Emulator.ts"
import { ask } from "../account.ts"
import { askUntil } from "../asking.ts"
import { json, send } from "../http.ts"

export const service = "v4/data/observatory"

export const subscribe = (id: string) => ask("POST", "v4/do/subscriptions", { body: { id } })

/** The last state of a piece of work. */
export const ended = (path: string, key?: string) =>
  askUntil(
    Effect.map(ask("GET", path, key === undefined ? {} : { key }), json),
    ({ status }) => status !== "pending" && status !== "running"
  )

export const upload = Effect.fnUntraced(function* (name: string, csv: string, query: Record<string, string> = {}) {
  const { url } = yield* Emulator
  const parameters = new URLSearchParams({ ...query, api_key: Redacted.value(localMasterKey) })
  return yield* send(`${url}/api/${service}/user/datasets/${name}?${parameters}`, {
    method: "POST",
    headers: { "content-type": "text/csv" },
    body: csv
  })
})

/** How the import of some CSV into a dataset ended. */
export const importCsv = Effect.fnUntraced(function* (name: string, csv: string, query?: Record<string, string>) {
  assert.strictEqual((yield* upload(name, csv, query)).status, 200)
  return yield* runImport(name)
})

/** How the import of what was uploaded last ended. */
export const runImport = Effect.fnUntraced(function* (name: string) {
  const { item_queue_id } = json(yield* ask("POST", `${service}/user/datasets/${name}/imports`))
  return yield* ended(`${service}/user/datasets/${name}/imports/${item_queue_id}`)
})

/** Makes a dataset of columns `NAME:TYPE`, and fills it. */
export const load = Effect.fnUntraced(function* (name: string, columns: ReadonlyArray<string>, csv: string) {
  const schema = columns.map((column) => {
    const [name, type] = column.split(":")
    return { name, type }
  })
  const made = yield* ask("POST", `${service}/user/datasets`, { body: { id: name, schema } })
  assert.strictEqual(made.status, 200, made.text)
  assert.deepStrictEqual(yield* importCsv(name, csv), { status: "success" })
})

/** The answer to a download. */
export const download = (name: string, query: Record<string, string> = {}, key?: string) =>
  ask("GET", `${service}/user/datasets/${name}`, { query, ...(key === undefined ? {} : { key }) })

/** The lines of a download, the header first. */
export const lines = (name: string, query?: Record<string, string>) =>
  Effect.map(download(name, query), ({ status, text }) => {
    assert.strictEqual(status, 200, text)
    return text.trimEnd().split("\n")
  })
