/** What dataviews answer (Maps reference, §10). */
import * as Schema from "effect/Schema"
import { MapNumber, MapNumberOrNull } from "./internal/mapNumber.ts"

const number = Schema.optionalKey(MapNumberOrNull)

export const FormulaResult = Schema.Struct({
  type: Schema.Literal("formula"),
  operation: Schema.String,
  /** `null` when nothing was selected, but 0 for a count. */
  result: MapNumberOrNull,
  nulls: number,
  /** Left out of the result, as are `infinities`; only of columns that can hold them. */
  nans: number,
  infinities: number
})

export const Category = Schema.Struct({
  /** Text, a number, a boolean, or null. */
  category: Schema.Json,
  value: MapNumberOrNull
})
export type Category = typeof Category.Type

export const AggregationResult = Schema.Struct({
  type: Schema.Literal("aggregation"),
  aggregation: Schema.String,
  /** Rows of the selection. */
  count: MapNumber,
  nulls: number,
  nans: number,
  infinities: number,
  min: number,
  max: number,
  categoriesCount: MapNumber,
  /** `agg` marks the one that stands for all others. */
  categories: Schema.Array(Schema.Struct({ ...Category.fields, agg: Schema.optionalKey(Schema.Boolean) }))
})

/** Of dates all times are seconds since 1970, and rows without a date are a last bin that is null throughout. */
export const HistogramResult = Schema.Struct({
  type: Schema.Literal("histogram"),
  /** Missing, as are `bins_count` and `bins_start`, when nothing was selected. */
  bin_width: number,
  bins_count: number,
  bins_start: number,
  nulls: number,
  nans: number,
  infinities: number,
  avg: number,
  /** Of dates: the unit of the bins. */
  aggregation: Schema.optionalKey(Schema.String),
  offset: number,
  timestamp_start: number,
  /** Empty ones are left out. */
  bins: Schema.Array(
    Schema.Struct({
      bin: MapNumberOrNull,
      min: MapNumberOrNull,
      max: MapNumberOrNull,
      avg: MapNumberOrNull,
      freq: MapNumber,
      timestamp: number
    })
  )
})

export const DataviewResult = Schema.Union([FormulaResult, AggregationResult, HistogramResult])
export type DataviewResult = typeof DataviewResult.Type

/** A formula answers a search too, with something else. */
export const SearchResult = Schema.Struct({
  type: Schema.Literal("aggregation"),
  categories: Schema.Array(Category)
})
