/** The work of `carto data-observatory list`. */
import { DataObservatory, type SubscriptionListOptions } from "@effect-carto/core/DataObservatory"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RowFormat } from "../../format/rowFormats.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { subscription } from "./record.ts"

type Given<Name extends keyof SubscriptionListOptions> = Option.Option<NonNullable<SubscriptionListOptions[Name]>>

export interface ListInput {
  readonly status: Given<"status">
  readonly type: Given<"type">
  readonly order: Given<"orderBy">
  readonly format: Option.Option<RowFormat>
}

export const run = ({ format, order, status, type }: ListInput) => {
  const options = {
    status: Option.getOrUndefined(status),
    type: Option.getOrUndefined(type),
    orderBy: Option.getOrUndefined(order)
  }
  const all = Stream.fromIterableEffect(Effect.flatMap(DataObservatory, ({ subscriptions }) => subscriptions(options)))
  return withSession(DataObservatory.layer(), Records.list(subscription, all, format))
}
