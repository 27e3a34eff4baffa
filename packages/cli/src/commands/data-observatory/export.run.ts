/** The work of `carto data-observatory export`. */
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Output from "../../Output.ts"
import { withSession } from "../../session.ts"

export interface ExportInput {
  readonly name: string
  readonly output: Option.Option<string>
  readonly limit: Option.Option<number>
  readonly order: Option.Option<string>
  readonly query: Option.Option<string>
  readonly geometry: boolean
  readonly geography: boolean
}

export const run = Effect.fnUntraced(function* (input: ExportInput) {
  const destination = Option.getOrElse(input.output, () => "-")
  const options = {
    limit: Option.getOrUndefined(input.limit),
    orderBy: Option.getOrUndefined(input.order),
    query: Option.getOrUndefined(input.query),
    addGeometry: input.geometry ? true : undefined,
    isGeography: input.geography ? true : undefined
  }
  const written = yield* withSession(
    DataObservatory.layer(),
    Effect.flatMap(DataObservatory, ({ download }) => Output.write(destination, download(input.name, options)))
  )
  if (destination !== "-") yield* Output.note(`wrote ${destination} (${Output.summary(written)})`)
})
