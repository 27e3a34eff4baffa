/** Exchanges with real servers of the Maps API, read from files: a request, a blank line, an answer. */
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { Reply } from "./HttpMock.ts"

export interface Recording {
  readonly name: string
  readonly method: string
  /** Behind the host. */
  readonly path: string
  readonly sent: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer>
}

const folder = fileURLToPath(new URL("./fixtures/wire/maps/", import.meta.url))

const parse = (file: string): Recording => {
  const text = readFileSync(`${folder}${file}`, "utf8")
  const at = text.search(/^HTTP\/1\.1 \d+/m)
  const [requestHead = "", ...sent] = text.slice(0, at).split("\n\n")
  const end = text.indexOf("\n\n", at)
  const [statusLine = "", ...lines] = text
    .slice(at, end === -1 ? undefined : end)
    .trimEnd()
    .split("\n")
  const body = end === -1 ? "" : text.slice(end + 2).trim()
  const [method = "", path = ""] = requestHead.split(" ")
  return {
    name: file.replace(/\.http$/, ""),
    method,
    path,
    sent: sent.join("\n\n").trim(),
    status: Number(statusLine.split(" ")[1]),
    headers: Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()])
    ),
    body: body.startsWith("<binary")
      ? new Uint8Array(readFileSync(`${folder}${file.replace(/\.http$/, ".bin")}`))
      : body
  }
}

export const recordings: ReadonlyArray<Recording> = readdirSync(folder)
  .filter((file) => file.endsWith(".http"))
  .map(parse)

export const recorded = (name: string): Recording => {
  const found = recordings.find((recording) => recording.name === name)
  if (found === undefined) throw new Error(`there is no recording ${name}`)
  return found
}

const framing = new Set(["transfer-encoding", "content-length", "connection", "content-encoding", "date"])

export const replyOf = ({ body, headers, status }: Recording): Reply => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !framing.has(name))),
  ...(status === 204 || status === 304 ? {} : { body })
})
