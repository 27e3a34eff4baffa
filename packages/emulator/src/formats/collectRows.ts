/** All rows of a result at once, for the formats that cannot be written row by row. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type ApiError, fromDatabase } from "../ApiError.ts"
import type { DatabaseError, Message } from "../Database.ts"
import type { FormatOptions } from "./Format.ts"
import * as Rows from "./Rows.ts"

const Row = Schema.Record(Schema.String, Schema.Json)
const decodeRow = Schema.decodeUnknownSync(Schema.fromJsonString(Row))

interface Collected {
  readonly columns: Rows.Rows
  readonly rows: Array<typeof Row.Type>
}

/** The last result set: its columns, and its rows as the JSON format would show them. */
export const collectRows = (
  messages: Stream.Stream<Message, DatabaseError>,
  { catalog, skip }: FormatOptions
): Effect.Effect<Collected, ApiError> =>
  Stream.runFold(
    messages,
    (): Collected => ({ columns: Rows.make(catalog, [], skip), rows: [] }),
    (state, message) => {
      if (message._tag === "RowDescription") return { columns: Rows.make(catalog, message.fields, skip), rows: [] }
      if (message._tag === "DataRow") state.rows.push(decodeRow(state.columns.toJson(message.cells)))
      return state
    }
  ).pipe(Effect.mapError(fromDatabase))
