/** The work of `carto import create`. */
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Import from "@effect-carto/core/Import"
import type { ImportOptions, ImportRunOptions } from "@effect-carto/core/ImportOptions"
import type { ImportSource } from "@effect-carto/core/ImportSource"
import { Imports } from "@effect-carto/core/Imports"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import type * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { failure } from "../../CommandError.ts"
import * as Quantity from "../../format/Quantity.ts"
import type { RowFormat } from "../../format/rowFormats.ts"
import { type SourceInput, sources } from "../../importSources.ts"
import * as Output from "../../Output.ts"
import * as Progress from "../../Progress.ts"
import * as Records from "../../Records.ts"
import { adviceOn, explain } from "../../report.ts"
import { Settings } from "../../Settings.ts"
import { withSession } from "../../session.ts"

export interface CreateInput extends SourceInput {
  readonly privacy: Option.Option<"private" | "link" | "public">
  readonly collision: Option.Option<"skip" | "overwrite">
  readonly typeGuessing: boolean
  readonly quotedFieldsGuessing: boolean
  readonly contentGuessing: boolean
  readonly createMap: boolean
  readonly wait: boolean
  readonly format: Option.Option<RowFormat>
}

const shape = Records.shape(
  [
    "source",
    "status",
    "dataset",
    "datasets",
    "count",
    "certain",
    "map",
    "warnings",
    "error",
    "advice",
    "id",
    "seconds"
  ],
  ["source", "status", "dataset", "error"]
)

/** What is sent at once is limited by the account's slots; more would only hold files open. */
const atOnce = 16

export const run = Effect.fnUntraced(function* (input: CreateInput) {
  const named = yield* sources(input)
  yield* withSession(Imports.layer(), input.wait ? importAll(named, input) : startAll(named, input))
})

interface Named {
  readonly label: string
  readonly source: ImportSource<CartoError, Stdio.Stdio>
}

const importAll = Effect.fnUntraced(function* (all: ReadonlyArray<Named>, input: CreateInput) {
  const failed = yield* Ref.make(0)
  const outcomes = Stream.fromIterable(all).pipe(
    Stream.mapEffect((one) => imported(one, all.length, input), { concurrency: atOnce, unordered: true }),
    Stream.tap(({ status }) => (status === "failed" ? Ref.update(failed, (count) => count + 1) : Effect.void))
  )
  yield* Records.list(shape, outcomes, input.format)
  const count = yield* Ref.get(failed)
  if (count === 0) return
  return yield* failure(all.length === 1 ? "The import failed." : `${count} of ${all.length} imports failed.`)
})

/** What became of one source. Its failure is told, and does not end the others. */
const imported = Effect.fnUntraced(function* ({ label, source }: Named, count: number, input: CreateInput) {
  const imports = yield* Imports
  const start = yield* Clock.currentTimeMillis
  const elapsed = Effect.map(Clock.currentTimeMillis, (now) => Duration.millis(now - start))
  const settings = yield* Settings
  const line = yield* Scope.make()
  // Lines of several uploads would overwrite each other.
  const report = count === 1 ? yield* Scope.provide(progress(source), line) : undefined
  let id: Import.ImportId | undefined
  const onState: ImportRunOptions["onState"] = ({ value }) => {
    id = value.id
    return Effect.gen(function* () {
      yield* Scope.close(line, Exit.void)
      yield* Output.note(`${label} ${value.state} (${Quantity.duration(yield* elapsed)})`)
    }).pipe(Effect.provideService(Settings, settings))
  }
  const watched = yield* imports
    .run(source, {
      ...optionsOf(input),
      onState,
      ...(report === undefined ? {} : { onProgress: ({ bytes }) => report({ bytes }) })
    })
    .pipe(
      Effect.result,
      Effect.ensuring(Scope.close(line, Exit.void)),
      // That the import goes on, the service has said.
      Effect.onInterrupt(() =>
        id === undefined ? Effect.void : Output.note(`carto import wait ${id} waits for ${label} again`)
      )
    )
  const seconds = Duration.toSeconds(yield* elapsed)
  if (Result.isFailure(watched)) {
    const error = watched.failure
    // No other source would fare better.
    if (error.reason._tag === "AuthError") return yield* error
    for (const text of explain(error)) yield* Output.note(`${label}: ${text}`)
    return { source: label, status: "failed", error: error.reason.message, advice: adviceOn(error), id, seconds }
  }
  const { success: outcome } = watched
  const warnings = Import.warnings(outcome.import)
  for (const warning of warnings) yield* Output.note(`${label}: warning: ${warning}`)
  const datasets = outcome.datasets.map(({ name }) => name)
  return {
    source: label,
    status: outcome._tag === "Skipped" ? "skipped" : "imported",
    dataset: datasets.length === 0 ? undefined : datasets.join(", "),
    datasets,
    count: outcome._tag === "Skipped" ? 0 : outcome.count,
    certain: outcome._tag === "Skipped" || outcome.isCertain,
    map: outcome._tag === "Skipped" ? undefined : outcome.map_visualization_id,
    warnings,
    id: outcome.import.id,
    seconds
  }
})

const progress = (source: ImportSource<CartoError, Stdio.Stdio>) =>
  Effect.gen(function* () {
    const facts = source._tag === "Bytes" ? yield* Effect.option(source.facts) : Option.none()
    const total = Option.getOrUndefined(Option.map(facts, ({ size }) => size))
    return yield* Progress.make({ total, isShown: false })
  })

/** Prints each id as soon as the server has said it. */
const startAll = Effect.fnUntraced(function* (all: ReadonlyArray<Named>, input: CreateInput) {
  const imports = yield* Imports
  for (const { label, source } of all) {
    const id = yield* imports.create(source, optionsOf(input))
    yield* Records.told(Records.shape(["id", "source"]), [id], { id, source: label })
  }
})

const optionsOf = (input: CreateInput): ImportOptions => ({
  privacy: Option.getOrUndefined(input.privacy),
  collisionStrategy: Option.getOrUndefined(input.collision),
  typeGuessing: input.typeGuessing,
  quotedFieldsGuessing: input.quotedFieldsGuessing,
  contentGuessing: input.contentGuessing,
  createMap: input.createMap
})
