/** A dataset that the server refreshes from its source by itself (platform reference, §7.1), and how it is doing. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { CartoError, SynchronizationError } from "./CartoError.ts"
import * as Import from "./Import.ts"
import * as ImportErrors from "./ImportErrors.ts"
import { htmlLine } from "./internal/htmlLine.ts"
import { maybe } from "./internal/optional.ts"
import { Timestamp } from "./internal/timestamp.ts"

export const SynchronizationId = Schema.NonEmptyString.pipe(Schema.brand("carto/SynchronizationId"))
export type SynchronizationId = typeof SynchronizationId.Type

/** `created`, `queued`, `syncing`, `success`, `failure`. Other words decode too, and count as not over. */
export const SynchronizationState = Schema.String
export type SynchronizationState = typeof SynchronizationState.Type

export const Synchronization = Schema.Struct({
  id: SynchronizationId,
  /** Of the dataset; none before the first import has ended. A dataset that was renamed keeps its old name here. */
  name: maybe(Schema.String),
  state: SynchronizationState,
  /** Seconds from the end of a run to the next. */
  interval: Schema.Int,
  /** None for databases and services. With its password, if it has one. */
  url: maybe(Schema.String),
  user_id: maybe(Schema.String),
  created_at: maybe(Timestamp),
  updated_at: maybe(Timestamp),
  /** When it is to run next. */
  run_at: maybe(Timestamp),
  /** When it last ran; at first, when it was created. */
  ran_at: maybe(Timestamp),
  /** When the source was last modified, as far as it tells. */
  modified_at: maybe(Timestamp),
  etag: maybe(Schema.String),
  checksum: maybe(Schema.String),
  log_id: maybe(Schema.String),
  error_code: maybe(Schema.Int),
  /** HTML after a first import, else a title. Some servers keep it after a success. */
  error_message: maybe(Schema.String),
  /** Failures in a row. */
  retried_times: maybe(Schema.Int),
  /** `connector`, `gdrive` and the like. */
  service_name: maybe(Schema.String),
  /** For connectors JSON, in which older servers leave the password. */
  service_item_id: maybe(Schema.RedactedFromValue(Schema.String)),
  type_guessing: maybe(Schema.Boolean),
  quoted_fields_guessing: maybe(Schema.Boolean),
  content_guessing: maybe(Schema.Boolean),
  /** Of the dataset, after the first success. */
  visualization_id: maybe(Schema.String),
  from_external_source: maybe(Schema.Boolean)
})
export type Synchronization = typeof Synchronization.Type

/** The answer to a creation: the first run is an import, which can fail without the synchronization telling it. */
export const CreatedSynchronization = Schema.Struct({
  ...Synchronization.fields,
  data_import: maybe(Schema.Struct({ item_queue_id: Import.ImportId }))
})
export type CreatedSynchronization = typeof CreatedSynchronization.Type

/** Whether no run is under way or about to begin. */
export const isOver = ({ state }: Synchronization): boolean => state === "success" || state === "failure"

/** How its last run has ended. A run that found nothing new in the source is a success. */
export const outcome = (operation: string, value: Synchronization): Result.Result<Synchronization, CartoError> =>
  value.state === "success" ? Result.succeed(value) : Result.fail(problem(operation, value))

/** A run that one waits for. */
export interface SynchronizationRun {
  readonly synchronization: Synchronization
  /** Of the first run, where it is known; it tells more, and fails even where the synchronization stays `queued`. */
  readonly import: Import.Import | undefined
}

/** Whether the run has ended. The end of a good import is not yet that of its run. */
export const isRunOver = (run: SynchronizationRun): boolean => isOver(run.synchronization) || hasFailedImport(run)

/** How a run that is over has ended. */
export const runOutcome = (operation: string, run: SynchronizationRun): Result.Result<Synchronization, CartoError> => {
  const { import: first, synchronization } = run
  if (first === undefined || !hasFailedImport(run)) return outcome(operation, synchronization)
  const { reason } = Import.problem(operation, first)
  return reason._tag === "ImportError"
    ? Result.fail(
        new CartoError({
          operation,
          reason: new SynchronizationError({
            message: reason.message,
            synchronizationId: synchronization.id,
            state: synchronization.state,
            ...(reason.code === undefined ? {} : { code: reason.code }),
            title: reason.title,
            remedy: reason.remedy,
            fix: reason.fix
          })
        })
      )
    : outcome(operation, synchronization)
}

const hasFailedImport = ({ import: first }: SynchronizationRun): boolean =>
  first !== undefined && Import.isOver(first) && first.state !== "complete"

/** Its last run ended well, and the next one is not overdue. */
export interface Healthy {
  readonly _tag: "Healthy"
}

/** Its last run failed, also when the next one is under way. */
export interface Failing {
  readonly _tag: "Failing"
  readonly code: number | undefined
  readonly title: string
  readonly remedy: string
  /** At 0 the server has given up, and only `runNow` starts it again. */
  readonly retriesLeft: number
}

/** It should have run long ago: nobody starts it, or a run does not end. */
export interface Stale {
  readonly _tag: "Stale"
  readonly overdue: Duration.Duration
}

export type Health = Healthy | Failing | Stale

/** After so many failures in a row the server does not try again (platform reference, §7.3). */
const mostRetries = 10

/**
 * How it is doing, at a moment of the caller's clock. It is stale when its next run is overdue by more than `patience`:
 * by default its interval, but at least an hour, which a run may take, and at most a day.
 */
export const check = (
  value: Synchronization,
  now: DateTime.Utc,
  options?: { readonly patience?: Duration.Input | undefined }
): Health => {
  const retries = value.retried_times ?? 0
  if (value.state === "failure" || (value.state !== "success" && retries > 0)) {
    const { code, remedy, title } = reasonOf(value)
    const retriesLeft = Math.max(0, mostRetries - retries)
    const last = retriesLeft === 0 ? " The server has given up: then run it now." : ""
    return { _tag: "Failing", code, title, remedy: `${remedy}${last}`, retriesLeft }
  }
  const { run_at } = value
  if (run_at === null || run_at === undefined) return { _tag: "Healthy" }
  const overdue = DateTime.toEpochMillis(now) - DateTime.toEpochMillis(run_at)
  const patience =
    options?.patience === undefined
      ? Math.min(86_400_000, Math.max(3_600_000, value.interval * 1000))
      : Duration.toMillis(options.patience)
  return overdue > patience ? { _tag: "Stale", overdue: Duration.millis(overdue) } : { _tag: "Healthy" }
}

/** Why its last run is no success, in the server's words where it has some. */
export const problem = (operation: string, value: Synchronization): CartoError => {
  const { code, fix, remedy, title } = reasonOf(value)
  return new CartoError({
    operation,
    reason: new SynchronizationError({
      message: `${title}${code === undefined ? "" : ` (code ${code})`}`,
      synchronizationId: value.id,
      state: value.state,
      ...(code === undefined ? {} : { code }),
      title,
      remedy,
      fix
    })
  })
}

const reasonOf = ({ error_code, error_message, state }: Synchronization) => {
  const code = error_code ?? undefined
  const known = code === undefined ? undefined : ImportErrors.describe(code)
  const said = htmlLine(error_message ?? "")
  return {
    code,
    title: said === "" ? (known?.title ?? `the run ended as ${state}, and the server does not tell why`) : said,
    remedy: known?.remedy ?? "Check the source, and run it again; if it stays, tell the operator of the server.",
    fix: known?.fix ?? ("repeat" as const)
  }
}
