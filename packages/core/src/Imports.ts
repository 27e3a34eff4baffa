/**
 * Imports, `/api/v1/imports`: the server makes datasets of files, URLs, queries and other databases, in its own time
 * (platform reference, §6).
 *
 * An import cannot be stopped: the server has no method for it. Given up, it goes on and keeps its slot.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { CartoClient } from "./CartoClient.ts"
import { CartoError, ImportError, TimeoutError } from "./CartoError.ts"
import * as Deadline from "./Deadline.ts"
import { Import, ImportId, type ImportOutcome, isOver, outcome, state } from "./Import.ts"
import type { ImportOptions, ImportRunOptions, ImportWaitOptions } from "./ImportOptions.ts"
import type { ImportPreview, InspectOptions } from "./ImportPreview.ts"
import type { ImportSource } from "./ImportSource.ts"
import * as Datasets from "./internal/importedDatasets.ts"
import * as History from "./internal/importHistory.ts"
import { accountLimits } from "./internal/importLimits.ts"
import { preview } from "./internal/importPreview.ts"
import * as Slots from "./internal/importSlots.ts"
import { api, prepare } from "./internal/importStart.ts"
import { inWords } from "./internal/inWords.ts"
import { path } from "./internal/path.ts"
import * as Poll from "./internal/poll.ts"
import { refuse } from "./internal/refuse.ts"
import { withoutItem } from "./internal/scrub.ts"
import type { Seen } from "./PollOptions.ts"

export interface ImportsOptions {
  /**
   * How many imports the account may run at once. Without it there are three until the server tells another number:
   * in its refusal of one too many, or, before `many`, in the limits of the account.
   */
  readonly importSlots?: number | undefined
  /** Refuse to import anything. */
  readonly readOnly?: boolean | undefined
}

/** The `timeout` is for each source. */
export interface ImportManyOptions extends ImportRunOptions {
  /** Take no further source after the first failure; what has begun goes on to its end. Default false. */
  readonly stopOnFailure?: boolean | undefined
}

/** What became of one of many sources. */
export interface ImportReport<E = never, R = never> {
  readonly source: ImportSource<E, R>
  readonly result: Result.Result<ImportOutcome, E | CartoError>
}

/** All methods need the master key. */
export class Imports extends Context.Service<
  Imports,
  {
    /**
     * Starts an import. It is not sent again when it may have arrived: a `TransportError` with `mayHaveArrived` leaves
     * open whether it runs; `list` shows what does. With all slots taken it is a `ConcurrencyError`.
     */
    readonly create: <E = never, R = never>(
      source: ImportSource<E, R>,
      options?: ImportOptions
    ) => Effect.Effect<ImportId, E | CartoError, R>
    /** The import as it is. Those of others are found too: the server does not look whose they are. */
    readonly get: (id: ImportId) => Effect.Effect<Import, CartoError>
    /**
     * Looks at a source without sending anything of it: how columns will be called, what guessing types would change,
     * encoding, delimiter, and its size beside what the account may import. Only a stream that can be run again is read.
     */
    readonly inspect: <E = never, R = never>(
      source: ImportSource<E, R>,
      options?: InspectOptions
    ) => Effect.Effect<ImportPreview, E | CartoError, R>
    /** The imports of the last day that are not over. There is no list of those that are. */
    readonly list: Effect.Effect<ReadonlyArray<ImportId>, CartoError>
    /**
     * How the import has ended, with all its datasets. Failed, stuck, or complete without having made anything it is an
     * `ImportError`. Without a change for six hours, unless told otherwise, it has stalled.
     */
    readonly wait: (id: ImportId, options?: ImportWaitOptions) => Effect.Effect<ImportOutcome, CartoError>
    /** Each new state. Ends with the import; how it went, its last state tells (`Import.outcome`). */
    readonly watch: (id: ImportId, options?: ImportWaitOptions) => Stream.Stream<Seen<Import>, CartoError>
    /** Starts an import as soon as there is a slot for it, and waits for its end. `timeout` is for all of it. */
    readonly run: <E = never, R = never>(
      source: ImportSource<E, R>,
      options?: ImportRunOptions
    ) => Effect.Effect<ImportOutcome, E | CartoError, R>
    /**
     * Runs as many at once as the account has slots, and reports each when it ends. A source that fails does not stop the
     * others, and is reported with its failure.
     */
    readonly many: <E = never, R = never, E2 = never, R2 = never>(
      sources: Stream.Stream<ImportSource<E, R>, E2, R2> | Iterable<ImportSource<E, R>>,
      options?: ImportManyOptions
    ) => Stream.Stream<ImportReport<E, R>, E2, R | R2>
  }
>()("carto/Imports") {
  static readonly layer = (options?: ImportsOptions): Layer.Layer<Imports, never, CartoClient> =>
    Layer.effect(Imports, make(options ?? {}))
}

/** Longer than the server itself lets an import run. */
const stalledAfter = "6 hours"

/** Bytes. */
const usualSample = 1 << 20

const List = Schema.Struct({ imports: Schema.Array(ImportId) })

const make = Effect.fnUntraced(function* (settings: ImportsOptions) {
  const carto = yield* CartoClient
  const slots = yield* Slots.make(settings.importSlots)
  const history = History.make()

  const prepared = <E, R>(operation: string, source: ImportSource<E, R>, options: ImportOptions) =>
    settings.readOnly === true
      ? Effect.fail(refuse(operation, "an import writes, and this client only reads", "Use one that writes."))
      : prepare(carto, operation, source, options)

  const get = (operation: string, id: ImportId) =>
    Effect.mapError(carto.json(operation, Import, HttpClientRequest.get(`${api}${path`/${id}`}`)), withoutItem)

  const list = (operation: string) =>
    Effect.map(carto.json(operation, List, HttpClientRequest.get(api)), ({ imports }) => imports)

  const work = (operation: string, id: ImportId, clean = (error: CartoError) => error): Poll.Work<Import> => ({
    operation,
    read: Effect.mapError(get(operation, id), clean),
    cancel: Effect.void,
    state,
    isOver,
    stalledAfter,
    stalled: (value, after) => stalled(operation, value, after)
  })

  const ended = Effect.fnUntraced(function* (
    work: Poll.Work<Import>,
    options: Omit<ImportRunOptions, "timeout">,
    overwrites: boolean,
    running?: History.Running
  ) {
    const last = yield* Poll.wait(work, options, options.onState)
    const life = yield* running?.life ?? Effect.undefined
    const alone = yield* Effect.fromResult(outcome(work.operation, last))
    const complete = yield* Datasets.complete(carto, work.operation, alone, { overwrites, life })
    yield* history.ended(complete)
    return complete
  })

  const run = <E, R>(operation: string, source: ImportSource<E, R>, { timeout, ...options }: ImportRunOptions) => {
    let id: ImportId | undefined
    const begun = Effect.fnUntraced(function* (running: History.Running) {
      const { clean, mayResend, send } = yield* prepared(operation, source, options)
      id = yield* Slots.admitted(slots, {
        start: Effect.andThen(
          running.begin,
          Effect.mapError(send, (error) => (error instanceof CartoError ? clean(error) : error))
        ),
        running: list(operation),
        mayResend,
        patience: Duration.fromInputUnsafe(options.stalledAfter ?? stalledAfter)
      })
      const overwrites = options.collisionStrategy === "overwrite"
      return yield* Effect.mapError(ended(work(operation, id, clean), options, overwrites, running), clean)
    })
    const all = history.beside(begun).pipe(
      slots.withSlot,
      Effect.onInterrupt(() =>
        id === undefined ? Effect.void : Effect.logInfo(`The import ${id} is no longer waited for, and goes on`)
      )
    )
    return Effect.mapError(within(operation, timeout)(all), (error) => (id === undefined ? error : goesOn(id)(error)))
  }

  const learned = Effect.gen(function* () {
    if (settings.importSlots !== undefined) return
    const { concurrent_imports } = yield* accountLimits(carto, "Imports.many")
    if (concurrent_imports !== undefined) yield* slots.setLimit(concurrent_imports)
  })

  const many: Imports["Service"]["many"] = (sources, options = {}) =>
    Stream.unwrap(
      Effect.gen(function* () {
        yield* learned
        let isStopped = false
        return (Stream.isStream(sources) ? sources : Stream.fromIterable(sources)).pipe(
          // One by one, or whole chunks would have passed before the first failure.
          Stream.rechunk(1),
          Stream.takeWhile(() => !isStopped),
          Stream.mapEffect(
            (source) =>
              Effect.map(Effect.result(run("Imports.many", source, options)), (result) => {
                isStopped ||= options.stopOnFailure === true && Result.isFailure(result)
                return { source, result }
              }),
            { concurrency: yield* slots.limit, unordered: true }
          )
        )
      })
    )

  return Imports.of({
    create: Effect.fn("Imports.create")(function* (source, options = {}) {
      const { clean, send } = yield* prepared("Imports.create", source, options)
      return yield* Effect.mapError(send, (error) => (error instanceof CartoError ? clean(error) : error))
    }),
    inspect: Effect.fn("Imports.inspect")(function* (source, { sample = usualSample } = {}) {
      const limits = yield* accountLimits(carto, "Imports.inspect")
      return yield* preview("Imports.inspect", source, limits, sample)
    }),
    get: Effect.fn("Imports.get")((id) => get("Imports.get", id)),
    list: list("Imports.list").pipe(Effect.withSpan("Imports.list")),
    wait: Effect.fn("Imports.wait")((id, { timeout, ...options } = {}) =>
      ended(work("Imports.wait", id), options, false).pipe(within("Imports.wait", timeout), Effect.mapError(goesOn(id)))
    ),
    watch: (id, options) => Poll.watch(work("Imports.watch", id), options).pipe(Stream.withSpan("Imports.watch")),
    run: Effect.fn("Imports.run")((source, options = {}) => run("Imports.run", source, options)),
    many: (sources, options) => many(sources, options).pipe(Stream.withSpan("Imports.many"))
  })
})

const within =
  (operation: string, timeout: Duration.Input | undefined) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E | CartoError, R> =>
    timeout === undefined ? self : Deadline.within(operation, timeout)(self)

const stalled = (operation: string, { id, state }: Import, after: Duration.Duration) =>
  new CartoError({
    operation,
    reason: new ImportError({
      importId: id,
      state,
      title: "Import stands still",
      message: `the import has stood still for ${inWords(after)}, in state ${state}`,
      remedy: "Look at it again later: the server gives up what its workers have lost, and then it may be repeated.",
      source: "cartodb",
      fix: "operator"
    })
  })

/** The server goes on after a deadline has passed here: its id is what is needed then. */
const goesOn =
  (id: ImportId) =>
  <E>(error: E): E | CartoError =>
    error instanceof CartoError && error.reason._tag === "TimeoutError"
      ? new CartoError({
          operation: error.operation,
          reason: new TimeoutError({
            message: `${error.reason.message}; the import ${id} goes on`,
            after: error.reason.after
          })
        })
      : error
