/** What the server tells of the work of analyses (Maps reference, §11). */
import * as Schema from "effect/Schema"
import { text } from "./internal/optional.ts"

const instant = Schema.optionalKey(Schema.NullOr(Schema.DateTimeUtcFromString))
export const AnalysisStatus = Schema.Struct({
  node_id: Schema.String,
  /** `pending`, `waiting`, `running`, `ready`, `failed`, or `unknown`. */
  status: Schema.String,
  updated_at: instant,
  error_message: text
})
export type AnalysisStatus = typeof AnalysisStatus.Type

/** A step of an analysis of the account, of whatever map. */
export const AnalysisEntry = Schema.Struct({
  node_id: Schema.String,
  type: Schema.String,
  /** As of a step of a map, or `canceled`. */
  status: Schema.String,
  analysis_def: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
  input_nodes: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.String))),
  created_at: instant,
  updated_at: instant,
  used_at: instant,
  hits: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
  last_error_message: text,
  username: text,
  /** Where its rows are, once it is done; the size in bytes. */
  table: Schema.optionalKey(
    Schema.NullOr(
      Schema.Struct({
        fully_qualified_name: Schema.String,
        size: Schema.optionalKey(Schema.NullOr(Schema.Finite))
      })
    )
  )
})
export type AnalysisEntry = typeof AnalysisEntry.Type
