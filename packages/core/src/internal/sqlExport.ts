/** A file of the server, checked for an error that came after its beginning (SQL reference, §6.4). */
import * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { CartoClient } from "../CartoClient.ts"
import { CartoError } from "../CartoError.ts"
import { lateReason } from "./sqlAnswer.ts"
import type { Plan } from "./sqlPlan.ts"
import { repeatOptions } from "./sqlRequest.ts"

/** Longer than an error's text; the end of a document is looked for in this many bytes. */
const tailLength = 1 << 14

/** Only these are written while the query runs; all others are sent when they are complete. */
const streamed = new Set(["json", "geojson"])

export const exportBytes = (
  carto: CartoClient["Service"],
  request: HttpClientRequest.HttpClientRequest,
  plan: Plan,
  format: string
): Effect.Effect<Stream.Stream<Uint8Array, CartoError>, CartoError> =>
  Effect.map(carto.open("Sql.export", request, repeatOptions("query", plan)), ({ bytes }) =>
    streamed.has(format) ? checkEnd(bytes, carto.clean) : bytes
  )

/** Remembers the last bytes on their way, and fails after them when they tell an error. */
const checkEnd = (
  bytes: Stream.Stream<Uint8Array, CartoError>,
  clean: (text: string) => string
): Stream.Stream<Uint8Array, CartoError> =>
  Stream.suspend(() => {
    let tail = new Uint8Array(0)
    const remember = (chunk: Uint8Array) => {
      const joined = new Uint8Array(tail.length + Math.min(chunk.length, tailLength))
      joined.set(tail)
      joined.set(chunk.subarray(-tailLength), tail.length)
      tail = joined.slice(-tailLength)
    }
    const verdict = Stream.suspend(() => {
      const messages = lateError(new TextDecoder().decode(tail))
      return messages === undefined
        ? Stream.empty
        : Stream.fail(new CartoError({ operation: "Sql.export", reason: lateReason(messages, clean) }))
    })
    return bytes.pipe(
      Stream.tap((chunk) => Effect.sync(() => remember(chunk))),
      Stream.concat(verdict)
    )
  })

/** `"error":["…"]` among the members behind the rows, where only lists of texts follow it. */
const lateError = (end: string): ReadonlyArray<string> | undefined => {
  const match = new RegExp(`"error":(${texts.source})(?:,"[a-z]+":${texts.source})*\\s*\\}\\s*$`).exec(end)
  return match?.[1] === undefined ? undefined : Option.getOrUndefined(decodeTexts(match[1]))
}

const texts = /\["(?:[^"\\]|\\.)*"(?:,"(?:[^"\\]|\\.)*")*\]/
const decodeTexts = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Array(Schema.String)))
