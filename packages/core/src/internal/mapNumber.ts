/** Numbers as the Maps API writes them: those that JSON has no form for are text (Maps reference, §7.3). */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** `"NaN"`, `"Infinity"` and `"-Infinity"` become the numbers they name. */
export const MapNumber = Schema.Union([Schema.Finite, Schema.Literals(["NaN", "Infinity", "-Infinity"])]).pipe(
  Schema.decodeTo(
    Schema.Number,
    SchemaTransformation.transform({
      decode: Number,
      encode: (number) => (Number.isFinite(number) ? number : name(number))
    })
  )
)

const name = (number: number) => (Number.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity")

export const MapNumberOrNull = Schema.NullOr(MapNumber)
