/** Reads recorded exchanges: a note, `>>> REQUEST`, the request, `<<< RESPONSE`, the response with its body decoded. */
import { readdirSync, readFileSync } from "node:fs"

const folder = new URL("../fixtures/wire/sql/", import.meta.url)

export interface Recording {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly requestHeaders: Record<string, string>
  readonly requestBody: string
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
  /** The recorded server's clock, in milliseconds. */
  readonly date: number
}

const readHeaders = (lines: ReadonlyArray<string>): Record<string, string> =>
  Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":")
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    })
  )

const split = (message: string) => {
  const blank = /\r?\n\r?\n/.exec(message)
  const end = blank?.index ?? message.length
  const [start = "", ...lines] = message.slice(0, end).split(/\r?\n/)
  return { start, headers: readHeaders(lines), body: message.slice(end + (blank?.[0].length ?? 0)) }
}

const read = (file: string): Recording | undefined => {
  const [, exchange = ""] = readFileSync(new URL(file, folder), "utf8").split(">>> REQUEST\n")
  const [asked = "", answered = ""] = exchange.split("\n<<< RESPONSE\n")
  const request = split(asked)
  const response = split(answered.replace(/^HTTP\/1\.1 100 Continue\s+/, ""))
  const [method = "", path = ""] = request.start.split(" ")
  const length = request.headers["content-length"]
  return {
    name: file.replace(/\.http$/, ""),
    method,
    path,
    requestHeaders: request.headers,
    requestBody: length === undefined ? "" : Buffer.from(request.body).subarray(0, Number(length)).toString(),
    status: Number(response.start.split(" ")[1]),
    headers: response.headers,
    body: response.body.replace(/\n$/, ""),
    date: Date.parse(response.headers.date ?? "")
  }
}

/** All recordings of the SQL API in the order in which they were made; those without an answer are left out. */
export const recordings: ReadonlyArray<Recording> = readdirSync(folder)
  .flatMap((file) => read(file) ?? [])
  .filter(({ status }) => status > 0)
  .toSorted((a, b) => a.date - b.date || a.name.localeCompare(b.name, "en", { numeric: true }))
