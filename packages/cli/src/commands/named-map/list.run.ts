/** The work of `carto named-map list`. */
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RowFormat } from "../../format/rowFormats.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape(["name"])

/** The server tells them in no order. */
const all = Stream.unwrap(
  Effect.map(NamedMaps, ({ list }) =>
    Stream.map(Stream.fromIterableEffect(Effect.map(list, (names) => [...names].sort())), (name) => ({ name }))
  )
)

export const run = ({ format }: { readonly format: Option.Option<RowFormat> }) =>
  withSession(NamedMaps.layer(), Records.list(shape, all, format))
