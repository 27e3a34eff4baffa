/** The work of `carto api-key list`. */
import { ApiKeys } from "@effect-carto/core/ApiKeys"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RowFormat } from "../../format/rowFormats.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"

export interface ListInput {
  readonly type: Option.Option<"master" | "default" | "regular">
  readonly order: Option.Option<"name" | "updated_at">
  readonly user: Option.Option<string>
  readonly format: Option.Option<RowFormat>
}

export const run = ({ format, order, type, user }: ListInput) => {
  const keys = Stream.unwrap(
    Effect.map(ApiKeys, ({ list }) =>
      list({
        types: Option.isSome(type) ? [type.value] : undefined,
        orderBy: Option.getOrUndefined(order),
        user: Option.getOrUndefined(user)
      })
    )
  )
  return withSession(ApiKeys.layer(), Records.list(shape, Stream.map(keys, record), format))
}
