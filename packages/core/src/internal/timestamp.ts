/** Instants as the platform's endpoints write them: four forms for the same thing (platform reference, §3). */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** `2018-11-05 13:29:52 UTC` and `2018-02-08 14:24:41 +0000` in the form that every JavaScript engine reads. */
const toIso = (text: string): string =>
  text
    .trim()
    .replace(
      /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ?(UTC|[+-]\d\d:?\d\d)?$/,
      (_, date, time, zone = "UTC") =>
        `${date}T${time}${zone === "UTC" ? "Z" : zone.replace(/^([+-]\d\d):?(\d\d)$/, "$1:$2")}`
    )

/**
 * One instant, whatever its form; a date alone is its midnight in UTC.
 *
 * The same member of the same object differs in form and precision between a list and a single read: it is no version.
 */
export const Timestamp = Schema.String.pipe(
  Schema.decodeTo(Schema.String, SchemaTransformation.transform({ decode: toIso, encode: (text) => text })),
  Schema.decodeTo(Schema.DateTimeUtcFromString)
)
