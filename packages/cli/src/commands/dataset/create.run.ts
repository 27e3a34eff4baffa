/** The work of `carto dataset create`. */
import type { CartoError } from "@effect-carto/core/CartoError"
import type { CreateOptions } from "@effect-carto/core/DatasetOptions"
import { Datasets } from "@effect-carto/core/Datasets"
import type { Visualization } from "@effect-carto/core/Visualization"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Stream from "effect/Stream"
import { failure, usage } from "../../CommandError.ts"
import { datasets } from "../../datasetServices.ts"
import * as Quantity from "../../format/Quantity.ts"
import type { RowFormat } from "../../format/rowFormats.ts"
import { type NamedSource, type SourceInput, sources } from "../../importSources.ts"
import * as Output from "../../Output.ts"
import * as Progress from "../../Progress.ts"
import * as Records from "../../Records.ts"
import { explain } from "../../report.ts"
import { Settings } from "../../Settings.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"

export interface CreateInput extends SourceInput {
  readonly privacy: Option.Option<"private" | "link" | "public">
  readonly collision: Option.Option<"skip" | "overwrite">
  readonly interval: Option.Option<Duration.Duration>
  readonly typeGuessing: boolean
  readonly quotedFieldsGuessing: boolean
  readonly contentGuessing: boolean
  readonly createMap: boolean
  readonly format: Option.Option<RowFormat>
}

/** More would only hold files open: the account's slots are fewer. */
const atOnce = 16

export const run = Effect.fnUntraced(function* (input: CreateInput) {
  if (Option.isSome(input.interval) && Option.isSome(input.collision)) {
    return yield* usage(
      "--collision does not go with --interval.",
      "A synchronization always makes a dataset of its own."
    )
  }
  const all = yield* sources(input)
  const failed = yield* Ref.make(0)
  const made = Stream.fromIterable(all).pipe(
    Stream.mapEffect((one) => created(one, all.length === 1, input, failed), { concurrency: atOnce, unordered: true }),
    Stream.flatMap((datasets) => Stream.fromIterable(datasets)),
    Stream.map(record)
  )
  yield* withSession(datasets, Records.list(shape, made, input.format))
  const count = yield* Ref.get(failed)
  if (count > 0) {
    return yield* failure(`${count} of ${all.length} sources made no dataset.`)
  }
})

/** The datasets of one source. Where there are others its failure is told, and does not end them. */
const created = Effect.fnUntraced(function* (
  { label, source }: NamedSource,
  isAlone: boolean,
  input: CreateInput,
  failed: Ref.Ref<number>
) {
  const datasets = yield* Datasets
  const settings = yield* Settings
  const note = (text: string) => Effect.provideService(Output.note(`${label} ${text}`), Settings, settings)
  return yield* Effect.gen(function* () {
    // Lines of several uploads would overwrite each other.
    const report = isAlone ? yield* Progress.make({ total: yield* sizeOf(source), isShown: false }) : undefined
    const options: CreateOptions = {
      privacy: Option.getOrUndefined(input.privacy),
      collisionStrategy: Option.getOrUndefined(input.collision),
      interval: Option.getOrUndefined(input.interval),
      typeGuessing: input.typeGuessing,
      quotedFieldsGuessing: input.quotedFieldsGuessing,
      contentGuessing: input.contentGuessing,
      createMap: input.createMap,
      onState: ({ elapsed, value }) => note(`${value.state} (${Quantity.duration(elapsed)})`),
      ...(report === undefined ? {} : { onProgress: ({ bytes }) => report({ bytes }) })
    }
    const made = yield* datasets.create(source, options)
    if (made.length === 0) yield* note("was skipped: the dataset is there")
    return made
  }).pipe(
    Effect.scoped,
    Effect.catch((error: CartoError) =>
      Effect.gen(function* () {
        if (isAlone) return yield* error
        for (const line of explain(error)) yield* note(`${line}`)
        yield* Ref.update(failed, (count) => count + 1)
        const none: ReadonlyArray<Visualization> = []
        return none
      })
    )
  )
})

const sizeOf = (source: NamedSource["source"]) =>
  source._tag === "Bytes"
    ? Effect.map(Effect.option(source.facts), (facts) => Option.getOrUndefined(Option.map(facts, ({ size }) => size)))
    : Effect.succeed(undefined)
