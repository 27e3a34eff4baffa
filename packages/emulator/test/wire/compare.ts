/** What is compared of an answer: its status, the headers that clients read, and its body but for what varies by run. */
import { createHash } from "node:crypto"
import { ownerRole } from "../../src/sql/roles.ts"
import type { RawResponse } from "../http.ts"
import type { Recording } from "./Recording.ts"

const equalHeaders = [
  "access-control-allow-headers",
  "access-control-allow-origin",
  "access-control-expose-headers",
  "cache-control",
  "carto-client",
  "carto-rate-limit-limit",
  "carto-rate-limit-remaining",
  "carto-rate-limit-reset",
  "carto-user",
  "carto-user-id",
  "content-disposition",
  "content-security-policy",
  "content-type",
  "last-modified",
  "retry-after",
  "surrogate-key",
  "vary",
  "x-cache-channel",
  "x-content-type-options"
]

const presentHeaders = ["content-length", "transfer-encoding", "x-served-by-db-host", "x-served-by-host"]

// The recorded `Date` is that of an answer's end; these are of its beginning, or of now.
const httpDate = { seconds: /:\d\d GMT/g, whole: /\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT/g }

/** Which part of a date varies: by a second on the recorded clock, all of it on today's. */
export type Clock = "recorded" | "today"

const comparable = (value: unknown, clock: Clock) =>
  typeof value === "string" ? value.replaceAll(clock === "today" ? httpDate.whole : httpDate.seconds, "GMT") : undefined

const head = (status: number, headers: RawResponse["headers"], clock: Clock) => ({
  status,
  ...Object.fromEntries(equalHeaders.map((name) => [name, comparable(headers[name], clock)])),
  ...Object.fromEntries(presentHeaders.map((name) => [name, headers[name] !== undefined]))
})

const masked = (text: string) =>
  text
    .replaceAll(/"time":[\d.]+/g, `"time":0`)
    .replaceAll(/unknown\(\d+\)/g, "unknown(0)")
    .replaceAll("alice_db", ownerRole)

const today = /(?<="d":")2026-11-22(?=T00:00:00Z","inf")/

/** Parts of recorded bodies that say more of their server than of the API. */
const edits: Readonly<Record<string, (body: string) => string>> = {
  "q11-alltypes": (body) => body.replace(/"rast":"\d+\w*",/, "").replace(/"rast":\{[^}]*\},/, ""),
  "q13-dates": (body) => body.replace(today, new Date().toISOString().slice(0, 10))
}

const leftOut = /\n?\.\.\.\[\d+ bytes left out\]\.\.\.\n?/

/** The recorded body and the answered one, made the same where they agree. */
const bodies = ({ body, name }: Recording, response: RawResponse) => {
  const answered = masked(response.text)
  const recorded = masked(edits[name]?.(body) ?? body)
  const sha256 = /^\[binary, \d+ bytes, sha256 (\w+)/.exec(body)?.[1]
  if (sha256 !== undefined)
    return { recorded: sha256, answered: createHash("sha256").update(response.body).digest("hex") }
  const [start = "", end] = recorded.split(leftOut)
  if (end === undefined) return { recorded, answered }
  return { recorded: start + end, answered: answered.slice(0, start.length) + answered.slice(-end.length) }
}

export const compare = (recording: Recording, response: RawResponse, clock: Clock) => {
  const body = bodies(recording, response)
  return {
    recorded: { ...head(recording.status, recording.headers, clock), body: body.recorded },
    answered: { ...head(response.status, response.headers, clock), body: body.answered }
  }
}
