/** What is compared of an answer about a map: status, the headers that clients read, body but for what varies by run. */
import type { RawResponse } from "../http.ts"
import { difference, readPixels } from "../Pixels.ts"
import type { MapsRecording } from "./mapsRecordings.ts"
import { readTile } from "./vectorTile.ts"

const equalHeaders = [
  "access-control-allow-headers",
  "access-control-allow-origin",
  "allow",
  "cache-control",
  "carto-cache-buster",
  "carto-map-id",
  "carto-rate-limit-limit",
  "carto-rate-limit-remaining",
  "carto-rate-limit-reset",
  "carto-stat-tag",
  "carto-template-hash",
  "content-type",
  "last-modified",
  "retry-after",
  "surrogate-key",
  "vary",
  "x-cache-channel",
  "x-content-type-options",
  "x-layergroup-id",
  "x-tilelive-contains-data"
]

const presentHeaders = ["carto-user", "x-request-id", "x-served-by-host"]

/** Text of a renderer about the place of an error, which the emulator does not tell. */
const place = /\\nLINE \d+:.*?\^|\\nHINT:.*?(?=\\n)/g

/** Cells of torque and rows of a cluster come in no order, and where columns come from is the recorded server's own. */
const unordered = (value: unknown) => {
  if (Array.isArray(value)) return value.map((cell) => JSON.stringify(cell)).toSorted()
  if (typeof value !== "object" || value === null || !("rows" in value) || !Array.isArray(value.rows)) return value
  return { ...value, rows: value.rows.toSorted((a, b) => a.cartodb_id - b.cartodb_id) }
}

const json = (text: string): unknown => {
  try {
    return unordered(JSON.parse(text))
  } catch {
    return text
  }
}

/** The recorded text with the ids of this run, and neither subdomain told. */
const masked = (text: string, ids: ReadonlyMap<string, string>) =>
  [...ids]
    .reduce((all, [recorded, own]) => all.replaceAll(recorded, own), text)
    .replaceAll(/\/\/[abc]\.cdn/g, "//x.cdn")
    .replaceAll("/lim/", "/ana/")
    .replaceAll(/(?<="(?:table|column)ID":)\d+/g, "0")
    .replaceAll(/(?<=\/analysis\/node\/)\w+/g, "node")
    // Of this very moment, to the millisecond.
    .replaceAll(/^1795\d{9}$/g, "now")
    .replaceAll(/"template_ids":\[(.*?)\]/g, (_, list: string) => `"template_ids":[${list.split(",").sort().join()}]`)

const head = (status: number, headers: RawResponse["headers"], ids: ReadonlyMap<string, string>) => ({
  status,
  ...Object.fromEntries(
    equalHeaders.map((name) => {
      const value = headers[name]
      return [name, typeof value === "string" ? masked(value, ids) : value]
    })
  ),
  ...Object.fromEntries(presentHeaders.map((name) => [name, headers[name] !== undefined]))
})

// Edges of marks are smoothed a little differently, and small images are mostly edges.
const mostDifferent = 0.06

/** Whether an image is the recorded one but for the smoothing of edges. */
const likeness = (recorded: Buffer | undefined, { body, status }: RawResponse): string => {
  if (recorded === undefined || status !== 200) return "the same image"
  const part = difference(readPixels(recorded), readPixels(body))
  return part <= mostDifferent ? "the same image" : `an image of which ${part.toFixed(3)} differs`
}

/** `ids` are the ids of maps of this run by the recorded ones. */
export const compareMaps = (recording: MapsRecording, response: RawResponse, ids: ReadonlyMap<string, string>) => {
  const isImage = recording.headers["content-type"]?.startsWith("image/") === true
  const body = isImage
    ? { recorded: "the same image", answered: likeness(recording.tile, response) }
    : recording.tile === undefined
      ? {
          recorded: json(masked(recording.body.replaceAll(place, ""), ids)),
          answered: json(masked(response.text, new Map()))
        }
      : { recorded: readTile(recording.tile), answered: readTile(response.body) }
  return {
    recorded: { ...head(recording.status, recording.headers, ids), body: body.recorded },
    answered: { ...head(response.status, response.headers, new Map()), body: body.answered }
  }
}
