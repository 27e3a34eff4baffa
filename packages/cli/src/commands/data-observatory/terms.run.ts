/** The work of `carto data-observatory terms`. */
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import * as DataSubscription from "@effect-carto/core/DataSubscription"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { terms } from "./record.ts"

export interface TermsInput {
  readonly id: string
  readonly type: Option.Option<"dataset" | "geography">
}

export const read = ({ id, type }: TermsInput) =>
  Effect.flatMap(DataObservatory, ({ subscriptionInfo }) =>
    subscriptionInfo(DataSubscription.EntityId.make(id), { type: Option.getOrUndefined(type) })
  )

export const run = (input: TermsInput) => Records.one(terms, withSession(DataObservatory.layer(), read(input)))
