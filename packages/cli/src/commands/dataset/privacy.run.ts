/** The work of `carto dataset privacy`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { found } from "./found.ts"
import { record, shape } from "./record.ts"

const upper = { public: "PUBLIC", link: "LINK", private: "PRIVATE" } as const

export const run = (input: { readonly idOrName: string; readonly privacy: keyof typeof upper }) =>
  Records.changed(
    shape,
    withSession(
      Effect.map(
        found(input.idOrName)(
          Effect.flatMap(Datasets, ({ update }) => update(input.idOrName, { privacy: upper[input.privacy] }))
        ),
        record
      )
    ),
    // As the server says that it is now.
    ({ id, name, privacy }) => `dataset ${name} is ${privacy.toLowerCase()} (${id})`
  )
