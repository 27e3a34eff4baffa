/** Reads recorded exchanges of the Maps API: the request, an empty line, the response; vector tiles lie beside. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import type { Recording } from "./Recording.ts"

const folder = new URL("../fixtures/wire/maps/", import.meta.url)

export interface MapsRecording extends Recording {
  /** The bytes of a vector tile. */
  readonly tile: Buffer | undefined
}

const split = (message: string) => {
  const end = message.indexOf("\n\n")
  const [start = "", ...lines] = message.slice(0, end < 0 ? undefined : end).split("\n")
  const headers = Object.fromEntries(
    lines.filter(Boolean).map((line) => {
      const colon = line.indexOf(":")
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    })
  )
  return { start, headers, body: end < 0 ? "" : message.slice(end + 2) }
}

const read = (file: string): MapsRecording => {
  const text = readFileSync(new URL(file, folder), "utf8").replaceAll("\r\n", "\n")
  const answer = /\n(?=HTTP\/1\.1 \d)/.exec(text)?.index ?? text.length
  const request = split(text.slice(0, answer))
  const response = split(text.slice(answer + 1))
  const [method = "", path = ""] = request.start.split(" ")
  const name = file.replace(/\.http$/, "")
  const tile = new URL(`${name}.bin`, folder)
  return {
    name,
    method,
    path,
    requestHeaders: request.headers,
    requestBody: request.body.replace(/\n+$/, ""),
    status: Number(response.start.split(" ")[1]),
    headers: response.headers,
    body: response.body.trim(),
    date: Date.parse(response.headers.date ?? ""),
    tile: existsSync(tile) ? readFileSync(tile) : undefined
  }
}

/** In the order in which they were made. */
export const recordings: ReadonlyArray<MapsRecording> = readdirSync(folder)
  .filter((file) => file.endsWith(".http"))
  .map(read)
  .toSorted((a, b) => a.date - b.date || a.name.localeCompare(b.name, "en", { numeric: true }))
