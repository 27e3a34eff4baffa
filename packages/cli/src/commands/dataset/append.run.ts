/** The work of `carto dataset append`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as Effect from "effect/Effect"
import { type LoadInput, load } from "./load.ts"

export const run = (input: LoadInput) =>
  load(input, {
    mode: "append",
    plan: { mode: "append" },
    send: (rows) => Effect.flatMap(Datasets, ({ append }) => append(input.name, rows)),
    told: (count) => `appended ${count} to ${input.name}`
  })
