import { connect } from "node:net"
import { deflateSync, gzipSync } from "node:zlib"
import { assert, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Emulator } from "../src/Emulator.ts"
import { json, type RawRequest, send } from "./http.ts"

const call = Effect.fnUntraced(function* (path: string, params: Record<string, string>, request: RawRequest = {}) {
  const emulator = yield* Emulator
  const all = new URLSearchParams({ api_key: Redacted.value(emulator.masterKey), ...params })
  return yield* send(`${emulator.url}/api/v2/sql${path}?${all}`, request)
})

const run = (q: string) => call("", { q })
const copyTo = (q: string, request: RawRequest = {}) => call("/copyto", { q }, request)
const copyFrom = (q: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  call("/copyfrom", { q }, { method: "POST", body, headers })

const emptyTable = run("DROP TABLE IF EXISTS cp; CREATE TABLE cp (id int PRIMARY KEY, name text, v float8)")
const count = Effect.map(run("SELECT count(*) FROM cp"), (response) => json(response).rows[0].count)

const toCsv = "COPY cp (id,name,v) FROM STDIN WITH (FORMAT csv, HEADER true)"
const data = 'id,name,v\n1,a,1.5\n2,"b,c",\n3,d,3\n'

it.layer(Emulator.layerTest, { timeout: "2 minutes", excludeTestServices: true })("SqlCopy", (it) => {
  it.effect("copyfrom tells rows and seconds", () =>
    Effect.gen(function* () {
      yield* emptyTable
      const response = yield* copyFrom(toCsv, data)
      assert.strictEqual(response.status, 200)
      assert.deepStrictEqual(Object.keys(json(response)), ["time", "total_rows"])
      assert.strictEqual(json(response).total_rows, 3)
      assert.strictEqual((yield* copyTo("COPY cp TO STDOUT WITH (FORMAT csv, HEADER true)")).text, data)
    })
  )

  it.effect("copyfrom inflates gzip, in one piece and chunked", () =>
    Effect.gen(function* () {
      yield* emptyTable
      const gzip = { "content-encoding": "gzip" }
      assert.strictEqual(json(yield* copyFrom(toCsv, gzipSync(data), gzip)).total_rows, 3)
      yield* emptyTable
      const chunked = { ...gzip, "transfer-encoding": "chunked" }
      assert.strictEqual(json(yield* copyFrom(toCsv, gzipSync(data), chunked)).total_rows, 3)
    })
  )

  it.effect.each<readonly [string, string | Uint8Array, Record<string, string>, number, string]>([
    ["no rows", "id,name,v\n", {}, 400, "No rows copied"],
    ["a wrong value", "id,name,v\n1,a,1.5\nxx,b,2\n", {}, 400, 'invalid input syntax for type integer: "xx"'],
    ["what is not gzip", data, { "content-encoding": "gzip" }, 400, "Error while gunzipping: incorrect header check"],
    [
      "a truncated gzip",
      gzipSync(data).subarray(0, 40),
      { "content-encoding": "gzip" },
      400,
      "Error while gunzipping: unexpected end of file"
    ],
    [
      "another encoding",
      deflateSync(data),
      { "content-encoding": "deflate" },
      400,
      'invalid byte sequence for encoding "UTF8": 0x9c'
    ]
  ])("copyfrom refuses %s and stores nothing", ([, body, headers, status, message]) =>
    Effect.gen(function* () {
      yield* emptyTable
      const response = yield* copyFrom(toCsv, body, headers)
      assert.deepStrictEqual([response.status, json(response)], [status, { error: [message] }])
      assert.strictEqual(yield* count, 0)
    })
  )

  it.effect("copyfrom answers a bad first row while most of the body is still to come", () =>
    Effect.gen(function* () {
      yield* emptyTable
      const response = yield* copyFrom(toCsv, `id,name,v\noops,x,1\n${"1,x,1\n".repeat(1_000_000)}`)
      assert.strictEqual(response.status, 400)
      assert.strictEqual(yield* count, 0)
    })
  )

  it.effect("a client that leaves in the middle of its upload leaves no rows", () =>
    Effect.gen(function* () {
      yield* emptyTable
      const emulator = yield* Emulator
      const params = new URLSearchParams({ q: toCsv, api_key: Redacted.value(emulator.masterKey) })
      const { port } = new URL(emulator.origin)
      yield* Effect.callback<void>((resume) => {
        const socket = connect(Number(port), "127.0.0.1", () => {
          const start = `POST /user/alice/api/v2/sql/copyfrom?${params} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n`
          socket.write(`${start}id,name,v\n${Array.from({ length: 100_000 }, (_, i) => `${i},x,1\n`).join("")}`, () =>
            socket.destroy()
          )
        })
        socket.once("close", () => resume(Effect.void))
      })
      assert.strictEqual(yield* count, 0)
    })
  )

  it.effect.each<readonly [string, string, string]>([
    ["copyfrom", "COPY cp TO STDOUT", "COPY TO STDOUT is not possible in copyfrom"],
    ["copyfrom", "COPY cp FROM STDIN; SELECT 1", "Only one statement is allowed in copyfrom"],
    ["copyfrom", " COPY cp FROM STDIN", "SQL must start with COPY"],
    ["copyto", "COPY cp FROM STDIN", "COPY FROM STDIN is not possible in copyto"],
    ["copyto", "COPY cp TO STDOUT; SELECT 1", "Only one statement is allowed in copyto"],
    ["copyto", "SELECT 1", "SQL must start with COPY"]
  ])("%s refuses %s", ([endpoint, q, message]) =>
    Effect.gen(function* () {
      yield* emptyTable
      const response = yield* call(`/${endpoint}`, { q }, { method: "POST", body: "" })
      assert.deepStrictEqual([response.status, json(response)], [400, { error: [message] }])
    })
  )

  it.effect("copyto sends an attachment of raw bytes", () =>
    Effect.gen(function* () {
      const response = yield* call("/copyto", { q: "COPY (SELECT 1, NULL) TO STDOUT", filename: "my file ñ.csv" })
      assert.strictEqual(response.text, "1\t\\N\n")
      assert.strictEqual(response.headers["content-type"], "application/octet-stream")
      assert.strictEqual(response.headers["content-disposition"], "attachment; filename=my%20file%20%C3%B1.csv")
    })
  )

  it.effect("an empty copyto has length 0", () =>
    Effect.gen(function* () {
      const response = yield* copyTo("COPY (SELECT 1 WHERE false) TO STDOUT")
      assert.deepStrictEqual([response.status, response.headers["content-length"], response.text], [200, "0", ""])
    })
  )

  it.effect("copyto takes its statement in a JSON body", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const response = yield* send(`${emulator.url}/api/v2/sql/copyto`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          q: `COPY (SELECT 'x' /*${"-".repeat(20_000)}*/) TO STDOUT`,
          api_key: Redacted.value(emulator.masterKey)
        })
      })
      assert.strictEqual(response.text, "x\n")
    })
  )

  it.effect("a copyto that fails before data was sent is an error", () =>
    Effect.gen(function* () {
      const response = yield* copyTo("COPY (SELECT 1/(3-i) FROM generate_series(1,5) i) TO STDOUT")
      assert.deepStrictEqual([response.status, json(response)], [400, { error: ["division by zero"] }])
    })
  )

  it.effect("a copyto that fails later is status 200 with the error behind the data", () =>
    Effect.gen(function* () {
      const response = yield* copyTo("COPY (SELECT 1/(50000-i) AS x FROM generate_series(1,100000) i) TO STDOUT")
      assert.strictEqual(response.status, 200)
      assert.match(response.text, /\n\{"error":\["division by zero"\]\}$/)
    })
  )

  it.effect("large data survives the way in and out", () =>
    Effect.gen(function* () {
      yield* emptyTable
      const lines = Array.from({ length: 200_000 }, (_, i) => `${i},name${i},${i * 1.5}\n`).join("")
      assert.strictEqual(json(yield* copyFrom("COPY cp FROM STDIN WITH (FORMAT csv)", lines)).total_rows, 200_000)
      const back = yield* copyTo("COPY (SELECT * FROM cp ORDER BY id) TO STDOUT WITH (FORMAT csv)")
      assert.strictEqual(back.text, lines)
    })
  )
})
