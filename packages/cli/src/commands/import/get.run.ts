/** The work of `carto import get`. */
import * as Import from "@effect-carto/core/Import"
import { Imports } from "@effect-carto/core/Imports"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { known } from "./known.ts"
import { record, shape } from "./record.ts"

export const run = ({ id }: { readonly id: string }) =>
  Records.one(
    shape,
    withSession(
      Imports.layer(),
      Effect.flatMap(Imports, (imports) => Effect.flatMap(imports.get(Import.ImportId.make(id)), record)).pipe(
        known(id)
      )
    )
  )
