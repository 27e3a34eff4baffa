/** How the server joins points that lie close together, before it draws them (Maps reference, §6.7). */
import * as Schema from "effect/Schema"
import { open } from "./internal/open.ts"

const Condition = open({
  equal: Schema.optionalKey(Schema.Json),
  not_equal: Schema.optionalKey(Schema.Json),
  in: Schema.optionalKey(Schema.Array(Schema.Json)),
  not_in: Schema.optionalKey(Schema.Array(Schema.Json)),
  less_than: Schema.optionalKey(Schema.Finite),
  less_than_or_equal_to: Schema.optionalKey(Schema.Finite),
  greater_than: Schema.optionalKey(Schema.Finite),
  greater_than_or_equal_to: Schema.optionalKey(Schema.Finite)
})

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

/** The layer gains the columns `_cdb_feature_count` and those asked for; with none, all of a sample row. */
export const MapAggregation = open({
  /** Where the point of a cell lies. Default `point-sample`. */
  placement: Schema.optionalKey(Schema.Literals(["point-sample", "point-grid", "centroid"])),
  columns: Schema.optionalKey(
    Schema.Record(
      Schema.String,
      Schema.Struct({
        aggregate_function: Schema.Literals(["count", "avg", "sum", "min", "max", "mode"]),
        aggregated_column: Schema.String
      })
    )
  ),
  /** Columns to keep apart, by name, or by calendar units. */
  dimensions: Schema.optionalKey(
    Schema.Record(
      Schema.String,
      Schema.Union([
        Schema.String,
        open({
          column: Schema.String,
          group: Schema.optionalKey(
            open({
              units: Schema.String,
              count: Schema.optionalKey(Schema.Int),
              timezone: Schema.optionalKey(Schema.String),
              starting: Schema.optionalKey(Schema.String)
            })
          ),
          format: Schema.optionalKey(Schema.String)
        })
      ])
    )
  ),
  /** Conditions of one column are alternatives; all columns must hold. */
  filters: Schema.optionalKey(Schema.Record(Schema.String, Schema.Union([Condition, Schema.Array(Condition)]))),
  /** Side of a cell in 1/256 of a tile. Default 1. */
  resolution: Schema.optionalKey(Positive),
  /** Estimated rows from which on it is done. Default 100,000. */
  threshold: Schema.optionalKey(Positive)
})
export type MapAggregation = typeof MapAggregation.Type
