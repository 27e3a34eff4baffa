/** The work of `carto synchronization create`. */
import * as ImportSource from "@effect-carto/core/ImportSource"
import { Synchronizations } from "@effect-carto/core/Synchronizations"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { usage } from "../../CommandError.ts"
import { connectorFile } from "../../connectorFile.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { follow } from "./follow.ts"
import { record, shape } from "./record.ts"

export interface CreateInput {
  readonly url: Option.Option<string>
  readonly connector: Option.Option<string>
  readonly interval: Option.Option<Duration.Duration>
  readonly name: Option.Option<string>
  readonly typeGuessing: boolean
  readonly quotedFieldsGuessing: boolean
  readonly contentGuessing: boolean
  readonly createMap: boolean
  readonly wait: boolean
}

export const run = Effect.fnUntraced(function* (input: CreateInput) {
  const source = yield* sourceOf(input)
  yield* withSession(
    Synchronizations.layer(),
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const created = yield* synchronizations.create(source, {
        interval: Option.getOrUndefined(input.interval),
        name: Option.getOrUndefined(input.name),
        typeGuessing: input.typeGuessing,
        quotedFieldsGuessing: input.quotedFieldsGuessing,
        contentGuessing: input.contentGuessing,
        createMap: input.createMap
      })
      yield* Records.told(shape, [created.id], yield* record(created))
      if (!input.wait) return
      yield* Effect.tapError(follow(`synchronization ${created.id}`, created), () =>
        Output.note(`The server will try again; carto synchronization delete ${created.id} gives it up.`)
      )
    })
  )
})

const sourceOf = Effect.fnUntraced(function* ({ connector, url }: CreateInput) {
  if (Option.isSome(url) === Option.isSome(connector)) {
    return yield* usage("A synchronization has one source.", "Give a URL, or --connector FILE.")
  }
  return Option.isSome(connector)
    ? ImportSource.database(yield* connectorFile(connector.value))
    : ImportSource.url(Option.getOrElse(url, () => ""))
})
