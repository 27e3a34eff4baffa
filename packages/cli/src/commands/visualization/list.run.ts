/** The work of `carto visualization list`. */
import { Visualizations } from "@effect-carto/core/Visualizations"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RowFormat } from "../../format/rowFormats.ts"
import { type ListFlags, listOptions } from "../../listFlags.ts"
import { privacies } from "../../privacies.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"

export interface ListInput extends ListFlags {
  readonly privacy: Option.Option<"public" | "link" | "private" | "password">
  readonly orderBy: Option.Option<"name" | "updated_at" | "mapviews" | "privacy">
  readonly format: Option.Option<RowFormat>
}

export const run = (input: ListInput) => {
  const orderBy = Option.getOrUndefined(input.orderBy)
  const privacy = Option.getOrUndefined(input.privacy)
  const all = Stream.unwrap(
    Effect.map(Visualizations, (maps) =>
      maps.list({
        ...listOptions(input, orderBy),
        orderBy,
        privacy: privacy === undefined ? undefined : privacies[privacy],
        include: ["permission"]
      })
    )
  )
  return withSession(Visualizations.layer(), Records.list(shape, Stream.map(all, record), input.format))
}
