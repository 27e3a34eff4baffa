/** The work of `carto dataset upsert`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as Effect from "effect/Effect"
import { type LoadInput, load } from "./load.ts"

export const run = (input: LoadInput & { readonly key: ReadonlyArray<string> }) =>
  load(input, {
    mode: "upsert",
    plan: { mode: { upsert: input.key } },
    send: (rows) => Effect.flatMap(Datasets, ({ upsert }) => upsert(input.name, input.key, rows)),
    told: (count) => `upserted ${count} into ${input.name}`
  })
