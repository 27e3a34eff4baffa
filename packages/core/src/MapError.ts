/** The reason of a `CartoError` when the Maps API refuses a map, or what was asked of it. */
import * as Schema from "effect/Schema"
import { MapProblem, place } from "./MapProblem.ts"

/** The Maps API refused; `problems` say which layer, analysis or line of CartoCSS it is about (Maps reference, §3.1). */
export class MapError extends Schema.TaggedError<MapError>("carto/MapError")("MapError", {
  /** The server's words, each behind the place it is about. */
  message: Schema.String,
  status: Schema.Int,
  /** One for each part of the map; none where a vector tile told of the failure in pictures. */
  problems: Schema.Array(MapProblem)
}) {
  get isRetryable(): boolean {
    return false
  }
  /** The map's id is not known any more, or never was: the server does not tell these apart (Maps reference, §4). */
  get isExpired(): boolean {
    return this.problems.some(({ message }) => message.startsWith(expired))
  }
  get advice(): string {
    if (this.isExpired) return "Instantiate the map again; an id is forgotten some time after its last use."
    const { problems, status } = this
    if (status === 429) return "Repeating it will not help. Draw fewer features, or style them more simply."
    if (problems.some(({ message }) => / already exists$/.test(message))) return "Update it, or apply it."
    const where = problems.map(place).find((place) => place !== "")
    return where === undefined ? "Correct the map or the request." : `Correct ${where}.`
  }
}

/** What tells expiry from every other 400. */
export const expired = "Invalid or nonexistent map configuration token"
