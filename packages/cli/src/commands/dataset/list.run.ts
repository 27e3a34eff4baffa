/** The work of `carto dataset list`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { datasets } from "../../datasetServices.ts"
import type { RowFormat } from "../../format/rowFormats.ts"
import { type ListFlags, listOptions } from "../../listFlags.ts"
import { privacies } from "../../privacies.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"

export interface ListInput extends ListFlags {
  readonly privacy: Option.Option<"public" | "link" | "private">
  readonly orderBy: Option.Option<"name" | "updated_at" | "size" | "estimated_row_count" | "privacy">
  readonly format: Option.Option<RowFormat>
}

export const run = (input: ListInput) => {
  const orderBy = Option.getOrUndefined(input.orderBy)
  const privacy = Option.getOrUndefined(input.privacy)
  const all = Stream.unwrap(
    Effect.map(Datasets, (datasets) =>
      datasets.list({
        ...listOptions(input, orderBy),
        orderBy,
        privacy: privacy === undefined ? undefined : privacies[privacy],
        include: ["permission", "synchronization"]
      })
    )
  )
  return withSession(datasets, Records.list(shape, Stream.map(all, record), input.format))
}
