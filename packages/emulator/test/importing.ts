/** Imports as a client sees them: requests, and the tables they make. */
import { Effect, Redacted } from "effect"
import { Database } from "../src/Database.ts"
import { Emulator } from "../src/Emulator.ts"
import { askUntil } from "./asking.ts"
import { basic, json, type RawRequest, send } from "./http.ts"

/** A request of the account's owner. */
export const ask = Effect.fnUntraced(function* (path: string, { headers, ...request }: RawRequest = {}) {
  const { masterKey, url, user } = yield* Emulator
  return yield* send(`${url}/api/v1/${path}`, {
    ...request,
    headers: { ...basic(user, Redacted.value(masterKey)), ...headers }
  })
})

export const askJson = (path: string, body: unknown, method = "POST") =>
  ask(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) })

const boundary = "-----emulator-test"

/** A form with one file, as curl and browsers send it. */
export const form = (
  name: string,
  content: string | Uint8Array,
  fields: Readonly<Record<string, string>> = {},
  part = "file"
): RawRequest => ({
  method: "POST",
  headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
  body: Buffer.concat([
    ...Object.entries(fields).map(([field, value]) =>
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`)
    ),
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${part}"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`
    ),
    Buffer.from(content),
    Buffer.from(`\r\n--${boundary}--\r\n`)
  ])
})

export type Status = Readonly<Record<string, unknown>>

/** The status of an import. */
export const status = (id: string) => Effect.map(ask(`imports/${id}`), (response): Status => json(response))

const isOver = ({ state }: Status) => state === "complete" || state === "failure" || state === "stuck"

/** Asks until an import is over. */
export const finished = (id: string) => askUntil(status(id), isOver)

/** The id of an import that was accepted. */
export const accepted = (request: ReturnType<typeof ask>) =>
  Effect.map(request, (response): string => json(response).item_queue_id)

/** Imports a file to its end. */
export const upload = (name: string, content: string | Uint8Array, query = "") =>
  Effect.flatMap(accepted(ask(`imports${query}`, form(name, content))), finished)

/** Rows as PostgreSQL writes them. */
export const rows = (sql: string) => Effect.flatMap(Database, (database) => database.rows(sql))

/** The columns of a dataset that came from its file: `name type`. */
export const columnsOf = (table: string) =>
  Effect.map(
    rows(
      `select attname || ' ' || format_type(atttypid, null) as c from pg_attribute
       where attrelid = '${table}'::regclass and attnum > 3 and not attisdropped order by attnum`
    ),
    (all) => all.map(({ c }) => c)
  )
