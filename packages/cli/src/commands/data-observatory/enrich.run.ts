/** The work of `carto data-observatory enrich`. */
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { usage } from "../../CommandError.ts"
import { jsonFile } from "../../jsonFile.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape(["job_id", "output"])

const Request = Schema.Struct({
  type: Schema.Literals(["points", "polygons"]),
  input: Schema.NonEmptyString,
  variables: Schema.Json,
  filters: Schema.optionalKey(Schema.Json),
  aggregation: Schema.optionalKey(Schema.Json),
  output: Schema.NonEmptyString
})

const decode = Schema.decodeUnknownEffect(Request)

export const run = ({ file }: { readonly file: string }) =>
  Records.changed(
    shape,
    Effect.gen(function* () {
      const request = yield* Effect.mapError(Effect.flatMap(jsonFile(file), decode), (error) =>
        error._tag === "SchemaError" ? usage(`${file} does not describe an enrichment: ${error.message}`) : error
      )
      return yield* withSession(
        DataObservatory.layer(),
        Effect.flatMap(DataObservatory, ({ enrich }) => enrich(request))
      )
    }),
    ({ output }) => `enriched into ${output}`
  )
