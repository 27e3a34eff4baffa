/**
 * Datasets that the server refreshes from a URL, a database or a service, `/api/v1/synchronizations` (platform reference,
 * §7). A run that finds new data replaces the whole table: columns and edits made by hand are lost.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { CartoClient } from "./CartoClient.ts"
import { AuthError, CartoError, SynchronizationError } from "./CartoError.ts"
import * as Import from "./Import.ts"
import { deletion } from "./internal/deletion.ts"
import { secretsIn } from "./internal/importStart.ts"
import { inWords } from "./internal/inWords.ts"
import { path } from "./internal/path.ts"
import * as Poll from "./internal/poll.ts"
import { refuse } from "./internal/refuse.ts"
import { scrub } from "./internal/scrub.ts"
import {
  creation,
  type SynchronizationOptions,
  type SynchronizationSource,
  seconds
} from "./internal/synchronizationRequest.ts"
import type { PollOptions, Seen } from "./PollOptions.ts"
import {
  CreatedSynchronization,
  isOver,
  isRunOver,
  runOutcome,
  Synchronization,
  type SynchronizationId,
  type SynchronizationRun
} from "./Synchronization.ts"

export type { SynchronizationOptions, SynchronizationSource }

export interface SynchronizationsOptions {
  /** Refuse every change, and every run. */
  readonly readOnly?: boolean | undefined
}

/** The server cannot stop a run. Without a change for two hours, unless told otherwise, it has stalled. */
export type SynchronizationPollOptions = Omit<PollOptions, "onInterrupt">

/** A known synchronization, or a new one, whose first import is then followed too. */
export type SynchronizationTarget = SynchronizationId | CreatedSynchronization

/** All methods need the master key, and an account that may have synchronizations. */
export class Synchronizations extends Context.Service<
  Synchronizations,
  {
    /**
     * Makes a synchronization, and begins its first import. It is not sent again when it may have arrived. Of a URL that
     * the server refuses it keeps a dead one, which is deleted here.
     */
    readonly create: (
      source: SynchronizationSource,
      options?: SynchronizationOptions
    ) => Effect.Effect<CreatedSynchronization, CartoError>
    /** All of the account, in one answer. */
    readonly list: Effect.Effect<ReadonlyArray<Synchronization>, CartoError>
    /** The synchronization as it is. An id that is unknown is a `NotFoundError`, one of somebody else an `AuthError`. */
    readonly get: (id: SynchronizationId) => Effect.Effect<Synchronization, CartoError>
    /** Changes the interval; the next run is then so far away. */
    readonly update: (
      id: SynchronizationId,
      change: { readonly interval: Duration.Input }
    ) => Effect.Effect<Synchronization, CartoError>
    /**
     * Asks for a run now. `enqueued` is false, and nothing happens, while a run is under way, when the last one began
     * less than 15 minutes ago, or when three others of the account run.
     */
    readonly runNow: (id: SynchronizationId) => Effect.Effect<EnqueuedRun, CartoError>
    /** Deletes the synchronization; its dataset stays. */
    readonly delete: (id: SynchronizationId) => Effect.Effect<void, CartoError>
    /**
     * The synchronization when no run is under way and the last one was a success. Failed or stalled it is a
     * `SynchronizationError`.
     */
    readonly wait: (
      target: SynchronizationTarget,
      options?: SynchronizationPollOptions
    ) => Effect.Effect<Synchronization, CartoError>
    /** Each new state of the run, and of its import if it is the first one. Ends with the run, without an opinion. */
    readonly watch: (
      target: SynchronizationTarget,
      options?: SynchronizationPollOptions
    ) => Stream.Stream<Seen<SynchronizationRun>, CartoError>
    /** Makes a synchronization and waits for its first import. When that fails, the synchronization stays. */
    readonly run: (
      source: SynchronizationSource,
      options?: SynchronizationOptions & SynchronizationPollOptions
    ) => Effect.Effect<Synchronization, CartoError>
  }
>()("carto/Synchronizations") {
  static readonly layer = (options?: SynchronizationsOptions): Layer.Layer<Synchronizations, never, CartoClient> =>
    Layer.effect(Synchronizations, make(options ?? {}))
}

const EnqueuedRun = Schema.Struct({ enqueued: Schema.Boolean })

/** Whether the server has taken a run into its queue. */
export type EnqueuedRun = typeof EnqueuedRun.Type

const List = Schema.Struct({ synchronizations: Schema.Array(Synchronization) })

const api = "/api/v1/synchronizations"
/** Longer than an import takes that is not lost. */
const stalledAfter = "2 hours"

const make = Effect.fnUntraced(function* (settings: SynchronizationsOptions) {
  const carto = yield* CartoClient
  const at = (id: SynchronizationId) => `${api}${path`/${id}`}`

  const mayWrite = (operation: string) =>
    settings.readOnly === true
      ? Effect.fail(refuse(operation, "this changes the account, and this client only reads", "Use one that writes."))
      : Effect.void

  const list = (operation: string) =>
    carto.json(operation, List, HttpClientRequest.get(api)).pipe(
      Effect.map(({ synchronizations }) => synchronizations),
      Effect.mapError(explained)
    )

  const get = (operation: string, id: SynchronizationId) =>
    carto.json(operation, Synchronization, HttpClientRequest.get(at(id))).pipe(Effect.mapError(explained))

  const remove = (operation: string, id: SynchronizationId) =>
    Effect.andThen(mayWrite(operation), deletion(carto, operation, HttpClientRequest.delete(at(id)))).pipe(
      Effect.mapError(explained)
    )

  /** The row is stored before the server looks at its URL, and stays as `created` (platform reference, §7.2). */
  const removeRefused = (operation: string, url: string) =>
    Effect.flatMap(list(operation), (all) =>
      Effect.forEach(
        all.filter((other) => other.state === "created" && other.url === url),
        ({ id }) => remove(operation, id),
        { discard: true }
      )
    ).pipe(
      Effect.catch((error) =>
        Effect.logWarning(`A synchronization of a refused URL may be left over: ${error.message}`)
      )
    )

  const create = (operation: string, source: SynchronizationSource, options: SynchronizationOptions) =>
    Effect.gen(function* () {
      yield* mayWrite(operation)
      const body = yield* creation(operation, source, options)
      const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(api), body)
      return yield* carto
        .json(operation, CreatedSynchronization, request)
        .pipe(
          Effect.tapError(({ status }) =>
            status === 400 && Predicate.isString(body.url) ? removeRefused(operation, body.url) : Effect.void
          )
        )
    }).pipe(Effect.mapError(explained), Effect.mapError(scrub(secretsIn(source))))

  const update = (operation: string, id: SynchronizationId, interval: Duration.Input) =>
    Effect.flatMap(Effect.andThen(mayWrite(operation), seconds(operation, interval)), (interval) =>
      carto.json(
        operation,
        Synchronization,
        HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.put(at(id)), { interval })
      )
    ).pipe(Effect.mapError(explained))

  /** Not sent again when it may have arrived: the second answer would be that nothing was enqueued. */
  const runNow = (operation: string, id: SynchronizationId) =>
    Effect.andThen(
      mayWrite(operation),
      carto.json(operation, EnqueuedRun, HttpClientRequest.put(`${at(id)}/sync_now`), {
        mayRepeat: (error) => error.isSurelyUndone
      })
    ).pipe(Effect.mapError(explained))

  const work = (operation: string, target: SynchronizationTarget): Poll.Work<SynchronizationRun> => {
    const known = Predicate.isString(target) ? undefined : target
    const id = Predicate.isString(target) ? target : target.id
    const importId = known?.data_import?.item_queue_id
    let first: Import.Import | undefined
    const read = Effect.gen(function* () {
      const synchronization = yield* get(operation, id)
      const isFollowed =
        importId !== undefined && !isOver(synchronization) && (first === undefined || !Import.isOver(first))
      if (isFollowed) {
        first = yield* carto.json(operation, Import.Import, HttpClientRequest.get(path`/api/v1/imports/${importId}`))
      }
      return { synchronization, import: first }
    })
    return {
      operation,
      read,
      cancel: Effect.void,
      state: ({ import: first, synchronization }) => `${synchronization.state},${first?.state ?? ""}`,
      isOver: isRunOver,
      stalledAfter,
      stalled: ({ synchronization: { id, state } }, after) =>
        new CartoError({
          operation,
          reason: new SynchronizationError({
            synchronizationId: id,
            state,
            title: "The run does not end",
            message: `the synchronization has stood still for ${inWords(after)}, with state ${state}`,
            remedy: "Run it now, which also starts one that is lost in the queue; if that does not help, make it anew.",
            fix: "repeat"
          })
        }),
      initial: known === undefined ? undefined : { synchronization: known, import: undefined }
    }
  }

  const wait = (work: Poll.Work<SynchronizationRun>, options: SynchronizationPollOptions) =>
    Effect.flatMap(Poll.wait(work, options), (run) => Effect.fromResult(runOutcome(work.operation, run)))

  return Synchronizations.of({
    create: Effect.fn("Synchronizations.create")((source, options = {}) =>
      create("Synchronizations.create", source, options)
    ),
    list: Effect.withSpan(list("Synchronizations.list"), "Synchronizations.list"),
    get: Effect.fn("Synchronizations.get")((id) => get("Synchronizations.get", id)),
    update: Effect.fn("Synchronizations.update")((id, { interval }) => update("Synchronizations.update", id, interval)),
    runNow: Effect.fn("Synchronizations.runNow")((id) => runNow("Synchronizations.runNow", id)),
    delete: Effect.fn("Synchronizations.delete")((id) => remove("Synchronizations.delete", id)),
    wait: Effect.fn("Synchronizations.wait")((target, options = {}) =>
      wait(work("Synchronizations.wait", target), options)
    ),
    watch: (target, options) =>
      Stream.suspend(() => Poll.watch(work("Synchronizations.watch", target), options)).pipe(
        Stream.withSpan("Synchronizations.watch")
      ),
    run: Effect.fn("Synchronizations.run")(function* (source, options = {}) {
      const created = yield* create("Synchronizations.run", source, options)
      return yield* wait(work("Synchronizations.run", created), options)
    })
  })
})

/** The server says nothing with its 401, whatever it is for (platform reference, §7). */
const explained = (error: CartoError): CartoError =>
  error.reason._tag === "AuthError" && error.reason.status === 401
    ? new CartoError({
        operation: error.operation,
        reason: new AuthError({
          status: 401,
          message: error.reason.message,
          hint: "Synchronizations need the master key of an account that may have them; this one may be another user's."
        })
      })
    : error
