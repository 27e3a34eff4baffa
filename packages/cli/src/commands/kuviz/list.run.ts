/** The work of `carto kuviz list`. */
import { Kuviz } from "@effect-carto/core/Kuviz"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RowFormat } from "../../format/rowFormats.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { shape } from "./record.ts"

export interface ListInput {
  readonly search: Option.Option<string>
  readonly privacy: Option.Option<"public" | "password">
  readonly order: Option.Option<"name" | "updated_at" | "privacy">
  readonly format: Option.Option<RowFormat>
}

export const run = ({ format, order, privacy, search }: ListInput) => {
  const pages = Stream.unwrap(
    Effect.map(Kuviz, ({ list }) =>
      list({
        search: Option.getOrUndefined(search),
        privacy: Option.getOrUndefined(privacy),
        orderBy: Option.getOrUndefined(order)
      })
    )
  )
  return withSession(Kuviz.layer(), Records.list(shape, pages, format))
}
