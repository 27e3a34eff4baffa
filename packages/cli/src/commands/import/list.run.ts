/** The work of `carto import list`. */
import { Imports } from "@effect-carto/core/Imports"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RowFormat } from "../../format/rowFormats.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"

const all = Stream.unwrap(
  Effect.map(Imports, (imports) =>
    Stream.fromIterableEffect(imports.list).pipe(
      Stream.mapEffect((id) => Effect.flatMap(imports.get(id), record), { concurrency: 4 })
    )
  )
)

export const run = ({ format }: { readonly format: Option.Option<RowFormat> }) =>
  withSession(Imports.layer(), Records.list(shape, all, format))
