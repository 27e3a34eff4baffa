/** What a client may ask an enrichment to do (platform reference, §16.2, which tells the members, not what is in them). */
import * as Schema from "effect/Schema"

const Methods = Schema.Union([Schema.String, Schema.NonEmptyArray(Schema.String)])

/** Members are the emulator's choice, after what CARTO's own clients let their users write. */
export const EnrichmentRequest = Schema.Struct({
  type: Schema.Literals(["points", "polygons"]),
  /** A user's dataset. */
  input: Schema.NonEmptyString,
  /** Ids or slugs, each perhaps with an aggregation of its own. */
  variables: Schema.NonEmptyArray(
    Schema.Union([
      Schema.String,
      Schema.Struct({ id: Schema.String, aggregation: Schema.optionalKey(Schema.NullOr(Methods)) })
    ])
  ),
  /** By a variable's id or slug the end of a condition, such as `> 100`. */
  filters: Schema.optionalKey(Schema.NullOr(Schema.Record(Schema.String, Schema.String))),
  /**
   * One for all variables, or by a variable's id or slug. `default` is each variable's own, and what polygons have
   * without this member; `null` is none, and what points have without it.
   */
  aggregation: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.String, Schema.Record(Schema.String, Methods)]))),
  output: Schema.String
})
export type EnrichmentRequest = typeof EnrichmentRequest.Type
