import { Geometry, Interval } from "@effect-carto/core"
import * as Schema from "effect/Schema"

/** A row of `row_types_a`. */
export const RowTypesA = Schema.Struct({
  cartodb_id: Schema.BigInt,
  the_geom: Schema.NullOr(Geometry),
  the_geom_webmercator: Schema.NullOr(Geometry),
  id: Schema.Int,
  "Größe in m": Schema.Number,
  name: Schema.NullOr(Schema.String),
  /** Metres, *\/ at low tide */
  depth: Schema.NullOr(Schema.String),
  ships: Schema.BigInt,
  opened: Schema.NullOr(Schema.DateTimeUtc),
  closed: Schema.NullOr(Schema.DateTimeUtc),
  built: Schema.NullOr(Schema.String),
  open: Schema.Boolean,
  meta: Schema.Json,
  tags: Schema.Array(Schema.NullOr(Schema.String)),
  counts: Schema.NullOr(Schema.Array(Schema.NullOr(Schema.BigInt))),
  tide: Schema.NullOr(Interval),
  icon: Schema.NullOr(Schema.Uint8Array),
  at: Schema.NullOr(Schema.Struct({ x: Schema.Number, y: Schema.Number })),
  sea: Schema.NullOr(Schema.String),
  seas: Schema.NullOr(Schema.String),
  ["__proto__"]: Schema.NullOr(Schema.String)
})
export type RowTypesA = typeof RowTypesA.Type

/** A row of `row_types_b`. */
export const RowTypesB = Schema.Struct({
  id: Schema.NullOr(Schema.Int),
  name: Schema.NullOr(Schema.String)
})
export type RowTypesB = typeof RowTypesB.Type
