/** The work of `carto data-observatory catalog`. */
import { DataObservatory, type MetadataEntity } from "@effect-carto/core/DataObservatory"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { usage } from "../../CommandError.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

export interface CatalogInput {
  readonly entity: MetadataEntity
  readonly id: Option.Option<string>
  readonly variables: boolean
  readonly filters: Option.Option<Readonly<Record<string, string>>>
}

export const run = Effect.fnUntraced(function* ({ entity, filters, id, variables }: CatalogInput) {
  if (variables && (entity !== "datasets" || Option.isNone(id))) {
    return yield* usage("Variables are those of one dataset.", "Write catalog datasets ID --variables.")
  }
  const found = yield* withSession(
    DataObservatory.layer(),
    Effect.flatMap(DataObservatory, ({ metadata }) =>
      metadata(entity, {
        id: Option.getOrUndefined(id),
        of: variables ? "variables" : undefined,
        filters: Option.getOrUndefined(filters)
      })
    )
  )
  const text = JSON.stringify(found)
  yield* (yield* Records.isJson) ? Records.json(text) : Output.lines([JSON.stringify(found, null, 2)])
})
