/** The work of `carto sql job list`. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RowFormat } from "../../../format/rowFormats.ts"
import { orDefault } from "../../../formatFlag.ts"
import { JobJournal } from "../../../JobJournal.ts"
import * as Rows from "../../../Rows.ts"

const columns = ["id", "status", "created", "account", "query"]

export const run = Effect.fnUntraced(function* (input: { readonly format: Option.Option<RowFormat> }) {
  const { list } = yield* JobJournal
  const rows = (yield* list).map(({ account, createdAt, id, query, status }) => ({
    id,
    status,
    created: DateTime.formatIso(DateTime.makeUnsafe(createdAt)),
    account,
    query
  }))
  const render = yield* Rows.renderer(yield* orDefault(input.format), "-")
  yield* Rows.write("-", render, Stream.fromIterable(rows), Effect.succeed(columns))
}, Effect.provide(JobJournal.layer))
