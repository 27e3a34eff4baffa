/** The work of `carto auth list`. */
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RowFormat } from "../../format/rowFormats.ts"
import { orDefault } from "../../formatFlag.ts"
import { Profiles } from "../../Profile.ts"
import * as Rows from "../../Rows.ts"

const columns = ["name", "current", "address", "organization", "key"]

export const run = Effect.fnUntraced(function* (input: { readonly format: Option.Option<RowFormat> }) {
  const profiles = yield* Profiles
  const stored = yield* profiles.read
  const rows = Object.entries(stored.profiles).map(([name, profile]) => ({
    name,
    current: name === stored.current,
    address: profile.url,
    organization: profile.organization ?? null,
    key: profile.apiKey === undefined ? "none, public data only" : "saved"
  }))
  const render = yield* Rows.renderer(yield* orDefault(input.format), "-")
  yield* Rows.write("-", render, Stream.fromIterable(rows), Effect.succeed(columns))
})
