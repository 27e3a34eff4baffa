/** The work of `carto synchronization list`. */
import { Synchronizations } from "@effect-carto/core/Synchronizations"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RowFormat } from "../../format/rowFormats.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"

const all = Stream.unwrap(
  Effect.map(Synchronizations, ({ list }) => Stream.mapEffect(Stream.fromIterableEffect(list), record))
)

export const run = ({ format }: { readonly format: Option.Option<RowFormat> }) =>
  withSession(Synchronizations.layer(), Records.list(shape, all, format))
