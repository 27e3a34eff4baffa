/** The work of `carto dataset replace`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type LoadInput, load } from "./load.ts"

export const run = (
  input: LoadInput & { readonly allowMissing: Option.Option<ReadonlyArray<string>>; readonly allowEmpty: boolean }
) => {
  const options = { allowMissing: Option.getOrUndefined(input.allowMissing), allowEmpty: input.allowEmpty }
  return load(input, {
    mode: "replace",
    plan: { mode: "replace", ...options },
    send: (rows) => Effect.flatMap(Datasets, ({ replace }) => replace(input.name, rows, options)),
    told: (count) => `replaced the rows of ${input.name} by ${count}`
  })
}
