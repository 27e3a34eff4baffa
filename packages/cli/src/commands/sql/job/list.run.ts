/** The work of `carto sql job list`. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RowFormat } from "../../../format/rowFormats.ts"
import { JobJournal } from "../../../JobJournal.ts"
import * as Records from "../../../Records.ts"

const shape = Records.shape(["id", "status", "created", "account", "query"])

export const run = Effect.fnUntraced(function* (input: { readonly format: Option.Option<RowFormat> }) {
  const { list } = yield* JobJournal
  const records = (yield* list).map(({ account, createdAt, id, query, status }) => ({
    id,
    status,
    created: DateTime.makeUnsafe(createdAt),
    account,
    query
  }))
  yield* Records.list(shape, Stream.fromIterable(records), input.format)
}, Effect.provide(JobJournal.layer))
