/** What is asked of the Sync API, checked here first: it answers mistakes with 500 (platform reference, §7.2). */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import type { CartoError } from "../CartoError.ts"
import type { DatabaseSource, LibrarySource, ServiceSource, UrlSource } from "../ImportSource.ts"
import { sourceJson } from "./importRequest.ts"
import { refuse } from "./refuse.ts"

/** Made by the functions of `ImportSource`. */
export type SynchronizationSource = UrlSource | DatabaseSource | ServiceSource | LibrarySource

export interface SynchronizationOptions {
  /** Whole seconds, at least 15 minutes. Default an hour. */
  readonly interval?: Duration.Input | undefined
  /** Default that of the source. */
  readonly name?: string | undefined
  /** Numbers, dates and the like get their types. With `false` every column is text. Default true. */
  readonly typeGuessing?: boolean | undefined
  /** Types are guessed for quoted values too. Default true. */
  readonly quotedFieldsGuessing?: boolean | undefined
  /** Geocodes by what columns hold: countries, regions, IP addresses. Default false. */
  readonly contentGuessing?: boolean | undefined
  /** A map of the new dataset, too. Default false. */
  readonly createMap?: boolean | undefined
}

/** Seconds. The server checks it at the creation only. */
const shortestInterval = 900

export const seconds = (operation: string, interval: Duration.Input): Effect.Effect<number, CartoError> => {
  const value = Option.match(Duration.fromInput(interval), { onNone: () => Number.NaN, onSome: Duration.toSeconds })
  return Number.isSafeInteger(value) && value >= shortestInterval
    ? Effect.succeed(value)
    : Effect.fail(
        refuse(operation, "the interval is shorter than 15 minutes, or no whole seconds", "Give 15 minutes or more.")
      )
}

/** The body of a creation. Everything else in it would be stored as it is. */
export const creation = Effect.fnUntraced(function* (
  operation: string,
  source: SynchronizationSource,
  { contentGuessing, createMap, interval, name, quotedFieldsGuessing, typeGuessing }: SynchronizationOptions
): Effect.fn.Return<{ readonly [name: string]: Schema.Json }, CartoError> {
  return {
    ...(yield* sourceJson(operation, source)),
    ...(interval === undefined ? {} : { interval: yield* seconds(operation, interval) }),
    ...(name === undefined ? {} : { table_name: name }),
    ...(typeGuessing === undefined ? {} : { type_guessing: typeGuessing }),
    ...(quotedFieldsGuessing === undefined ? {} : { quoted_fields_guessing: quotedFieldsGuessing }),
    ...(contentGuessing === undefined ? {} : { content_guessing: contentGuessing }),
    ...(createMap === undefined ? {} : { create_vis: createMap })
  }
})
