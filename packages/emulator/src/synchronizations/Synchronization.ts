/** A dataset that follows a source: what is known of it, and how that is told (platform reference, §7.1). */
import type { ImportOptions } from "../imports/Asked.ts"
import type { ConnectorRequest } from "../imports/connector/ConnectorRequest.ts"
import type { SourceState } from "../imports/download.ts"

export type State = "created" | "queued" | "syncing" | "success" | "failure"

/** Times are milliseconds. */
export interface Synchronization {
  readonly id: string
  readonly userId: string
  readonly createdAt: number
  readonly options: ImportOptions
  readonly connector: ConnectorRequest | undefined
  /** The table's; null until the first import is over. */
  name: string | null
  /** Seconds. */
  interval: number
  url: string | null
  state: State
  updatedAt: number
  runAt: number
  ranAt: number
  /** What was loaded last. */
  source: SourceState | undefined
  logId: string | null
  errorCode: number | null
  errorMessage: string | null
  retriedTimes: number
  serviceName: string | null
  serviceItemId: string | null
  /** Of the dataset. */
  visualizationId: string | null
}

/** Retries after which only `sync_now` starts it again. */
export const maxRetries = 10

/** The shortest time between two runs, in milliseconds. */
export const minPause = 900_000

/** Objects that were just built tell their times with an offset, those that were read anew with `Z` (§3). */
export type Zone = "Z" | "+00:00"

/** `old` servers tell times without milliseconds, and a connector with all its secrets (§3, §6.7). */
export type Version = "current" | "old"

const text = (millis: number, zone: Zone, version: Version): string => {
  const iso = new Date(millis).toISOString()
  return version === "old" ? iso.replace(/\.\d+Z$/, "+00:00") : iso.replace("Z", zone)
}

const leaked = ({ connection, parameters, provider }: ConnectorRequest): string =>
  JSON.stringify({ provider, connection: Object.fromEntries(connection), ...Object.fromEntries(parameters) })

/** The members that every answer has. */
export const toObject = (one: Synchronization, zone: Zone, version: Version) => {
  const time = (millis: number): string => text(millis, zone, version)
  return {
    id: one.id,
    name: one.name,
    interval: one.interval,
    url: one.url,
    state: one.state,
    user_id: one.userId,
    created_at: time(one.createdAt),
    updated_at: time(one.updatedAt),
    run_at: time(one.runAt),
    ran_at: time(one.ranAt),
    modified_at: one.source?.modifiedAt ? time(one.source.modifiedAt) : null,
    etag: one.source?.etag ?? null,
    checksum: one.source?.checksum ?? "",
    log_id: one.logId,
    error_code: one.errorCode,
    error_message: one.errorMessage,
    retried_times: one.retriedTimes,
    service_name: one.serviceName,
    service_item_id: version === "old" && one.connector !== undefined ? leaked(one.connector) : one.serviceItemId,
    type_guessing: one.options.typeGuessing,
    quoted_fields_guessing: one.options.quotedFieldsGuessing,
    content_guessing: one.options.contentGuessing,
    visualization_id: one.visualizationId,
    from_external_source: false
  }
}

/** Whether a run is under way or waits for its turn. */
export const isUnderWay = ({ state }: Synchronization): boolean => state === "queued" || state === "syncing"

/** Whether the clock may start a run. */
export const isScheduled = ({ retriedTimes, state }: Synchronization): boolean =>
  state === "success" || (state === "failure" && retriedTimes < maxRetries)

/** Whether `sync_now` may: neither too soon nor while it runs; one that waits for too long is given up. */
export const isStartable = (one: Synchronization, now: number): boolean =>
  now - one.ranAt >= minPause &&
  (one.state === "success" || one.state === "failure" || (one.state === "queued" && now - one.updatedAt >= minPause))
