/** The work of `carto visualization get`. */
import { Visualizations } from "@effect-carto/core/Visualizations"
import * as Effect from "effect/Effect"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"

export const run = (input: { readonly idOrName: string; readonly definition: boolean }) =>
  input.definition
    ? definition(input.idOrName)
    : Records.one(
        shape,
        withSession(
          Visualizations.layer(),
          Effect.map(
            Effect.flatMap(Visualizations, ({ get }) => get(input.idOrName, { include: ["permission"] })),
            record
          )
        )
      )

const definition = Effect.fnUntraced(function* (idOrName: string) {
  const json = yield* withSession(
    Visualizations.layer(),
    Effect.flatMap(Visualizations, (maps) => maps.definition(idOrName))
  )
  yield* (yield* Records.isJson) ? Records.json(JSON.stringify(json)) : Output.lines([JSON.stringify(json, null, 2)])
})
