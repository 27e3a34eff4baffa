/** Bodies that the application parses by itself, whatever their type is said to be (platform reference, §1.2). */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Refusal } from "../Refusal.ts"
import type { Visit } from "./platform.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Json)))

const unreadable = new Refusal({ status: 500, body: { status: "500", error: "Internal Server Error" } })

/** The members of a body that is a JSON object; any other ends as an exception that nobody caught (E17). */
export const rawJson = ({ request }: Visit) =>
  request.text.pipe(
    Effect.flatMap(decode),
    Effect.mapError(() => unreadable)
  )
