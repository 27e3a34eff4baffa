/**
 * A server that costs little: it takes uploads and forgets them, and sends answers from memory. What it does is chosen
 * by the name of the table in the statement:
 *
 * | table | |
 * | --- | --- |
 * | `sink`, `sink_slow` | COPY FROM: bytes are counted, at most 120 MB a second of them with `_slow` |
 * | `sink_checked`, `sink_slow_checked` | the same, unpacked and with their CRC |
 * | `bytes_N` | COPY TO of N bytes of text |
 * | `rows_N`, `plain_N` | COPY binary or JSON of N rows; `plain` has only what JSON carries exactly |
 *
 * A job is done 10 ms after it was ordered; the file of an import is counted and forgotten as an upload is. The server
 * tells its port on standard output, and what the last upload was at `/received`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { type Readable, Writable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { setTimeout } from "node:timers/promises"
import { crc32, createGunzip } from "node:zlib"
import * as Answers from "./answers.ts"
import * as MapAnswers from "./mapAnswers.ts"
import * as Work from "./work.ts"

export interface Received {
  readonly bytes: number
  /** Of the unpacked bytes; 0 if they were not to be checked. */
  readonly crc: number
  /** How many of them there were. */
  readonly uploads: number
}

let received: Received = { bytes: 0, crc: 0, uploads: 0 }

const slowRate = 120e6

const sink = async (request: IncomingMessage, statement: string): Promise<void> => {
  const isChecked = statement.includes("_checked")
  const isSlow = statement.includes("_slow")
  const start = performance.now()
  let bytes = 0
  let crc = 0
  const take = new Writable({
    write: (chunk: Buffer, _, done) => {
      bytes += chunk.length
      if (isChecked) crc = crc32(chunk, crc)
      const early = isSlow ? (1000 * bytes) / slowRate - (performance.now() - start) : 0
      if (early > 1) setTimeout(early).then(() => done(), done)
      else done()
    }
  })
  const isPacked = isChecked && request.headers["content-encoding"] === "gzip"
  await (isPacked ? pipeline(request, createGunzip(), take) : pipeline(request, take))
  received = { bytes, crc, uploads: received.uploads + 1 }
}

const send = async (response: ServerResponse, type: string, pieces: Iterable<Buffer>): Promise<void> => {
  response.writeHead(200, { "content-type": type })
  for (const piece of pieces) {
    if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve))
    if (response.destroyed) return
  }
  response.end()
}

const sendJson = (response: ServerResponse, body: Buffer | string): void => {
  response.writeHead(200, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body)
  })
  response.end(body)
}

const sendTile = (response: ServerResponse): void => {
  response.writeHead(200, { "content-type": "application/x-protobuf", "content-length": MapAnswers.tile.length })
  response.end(MapAnswers.tile)
}

const textOf = async (readable: Readable): Promise<string> => {
  let text = ""
  readable.setEncoding("utf8")
  for await (const part of readable) text += part
  return text
}

const countIn = (statement: string, table: string): number | undefined => {
  const count = new RegExp(`\\b${table}_(\\d+)`).exec(statement)?.[1]
  return count === undefined ? undefined : Number(count)
}

const copyTo = (response: ServerResponse, statement: string) => {
  const size = countIn(statement, "bytes")
  return send(
    response,
    "application/octet-stream",
    size === undefined ? Answers.copyBinary(countIn(statement, "rows") ?? 0) : Answers.copyText(size)
  )
}

const query = (response: ServerResponse, statement: string): Promise<void> | void => {
  const plain = countIn(statement, "plain")
  const rows = plain ?? countIn(statement, "rows")
  if (rows === undefined) return sendJson(response, Answers.one)
  const form = plain !== undefined ? "plain" : statement.includes("::text") ? "exact" : "rounded"
  if (statement.includes("limit 0")) return sendJson(response, Answers.describe(form))
  return send(response, "application/json; charset=utf-8", Answers.json(form, rows))
}

const statementIn = (body: string): string => {
  const parsed: { readonly q?: string } = JSON.parse(body)
  return parsed.q ?? ""
}

const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? "/", "http://localhost")
  const inUrl = url.searchParams.get("q")
  if (url.pathname === "/received") return sendJson(response, JSON.stringify(received))
  if (url.pathname.endsWith("/sql/copyfrom")) {
    await sink(request, inUrl ?? "")
    return sendJson(response, JSON.stringify({ time: 0.1, total_rows: 1 }))
  }
  const [, kind, id] = /\/(job|imports)(?:\/([^/]+))?$/.exec(url.pathname) ?? []
  if (kind === "imports") {
    if (id !== undefined) return sendJson(response, Work.readImport(id))
    await sink(request, "")
    return sendJson(response, Work.orderedImport)
  }
  if (kind === "job") {
    if (id !== undefined) return sendJson(response, Work.readJob(id))
    await textOf(request)
    return sendJson(response, Work.orderJob())
  }
  if (url.pathname.includes("/api/v1/map/")) return sendTile(response)
  if (url.pathname.endsWith("/api/v1/map")) {
    await textOf(request)
    return sendJson(response, MapAnswers.layergroup)
  }
  const statement = inUrl ?? statementIn(await textOf(request))
  return url.pathname.endsWith("/sql/copyto") ? copyTo(response, statement) : query(response, statement)
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error)
    response.destroy()
  })
})

// The answer to an upload may take as long as the upload.
server.requestTimeout = 0

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  console.log(address !== null && typeof address === "object" ? address.port : "no port")
})
