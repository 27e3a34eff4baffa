/** What a map is narrowed to when it is instantiated (Maps reference, §5). */
import * as Schema from "effect/Schema"

const values = Schema.Array(Schema.NullOr(Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])))
const bound = Schema.optionalKey(Schema.Finite)

/** For aggregations: an empty `accept` rejects all, an empty `reject` accepts all. */
const CategoryFilter = Schema.Struct({ accept: Schema.optionalKey(values), reject: Schema.optionalKey(values) }).check(
  Schema.makeFilter(({ accept, reject }) => accept !== undefined || reject !== undefined, {
    expected: "accept or reject"
  })
)

/** For histograms; dates in seconds since 1970. */
const RangeFilter = Schema.Struct({
  min: bound,
  max: bound,
  greater_than: bound,
  greater_than_or_equal: bound,
  less_than: bound,
  less_than_or_equal: bound
}).check(
  Schema.makeFilter((range) => Object.values(range).some((bound) => bound !== undefined), {
    expected: "at least one bound"
  })
)

export const DataviewFilter = Schema.Union([CategoryFilter, RangeFilter])
export type DataviewFilter = typeof DataviewFilter.Type

/** By the names of dataviews, and the ids of analyses. The server ignores those that it does not know. */
export const MapFilters = Schema.Struct({
  dataviews: Schema.optionalKey(Schema.Record(Schema.String, DataviewFilter)),
  analyses: Schema.optionalKey(
    Schema.Record(
      Schema.String,
      Schema.Array(
        Schema.Union([
          Schema.Struct({ type: Schema.Literal("category"), column: Schema.String, params: CategoryFilter }),
          Schema.Struct({ type: Schema.Literal("range"), column: Schema.String, params: RangeFilter })
        ])
      )
    )
  )
})
export type MapFilters = typeof MapFilters.Type
