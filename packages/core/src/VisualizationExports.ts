/**
 * Exports of maps, `/api/v3/visualization_exports` (platform reference, §11): a `.carto` file with the map and its
 * datasets, which the Import API takes back. Datasets alone are read by COPY.
 *
 * CARTO never published this API: it may change, and servers of other ages may answer otherwise.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { Auth } from "./Auth.ts"
import { CartoClient } from "./CartoClient.ts"
import { CartoError, ExportError } from "./CartoError.ts"
import { inWords } from "./internal/inWords.ts"
import { path } from "./internal/path.ts"
import * as Poll from "./internal/poll.ts"
import { notAsStranger } from "./internal/stranger.ts"
import type { PollOptions, Seen } from "./PollOptions.ts"
import { isOver, outcome, VisualizationExport, type VisualizationExportId } from "./VisualizationExport.ts"

export interface VisualizationExportOptions {
  /** Ids of tables of the map, not names: only their datasets are put into the file. Default all. */
  readonly tables?: ReadonlyArray<string> | undefined
}

/** The server cannot cancel an export. Without a change for an hour, unless told otherwise, it has stalled. */
export type VisualizationExportPollOptions = Omit<PollOptions, "onInterrupt">

/**
 * The server never refuses a key here: with a wrong one, or one that is not the master key, it sees public maps only,
 * and takes the export for that of nobody (platform reference, §2.4). That is an `AuthError`; without a key it is what
 * was asked for.
 */
export class VisualizationExports extends Context.Service<
  VisualizationExports,
  {
    /** Starts the export of a map. It is not sent again when it may have arrived. A dataset is a `ValidationError`. */
    readonly create: (
      visualizationId: string,
      options?: VisualizationExportOptions
    ) => Effect.Effect<VisualizationExport, CartoError>
    /** The export as it is. An id that is unknown is a `NotFoundError`, one of somebody else an `AuthError`. */
    readonly get: (id: VisualizationExportId) => Effect.Effect<VisualizationExport, CartoError>
    /** The export when its file is there. Failed or stalled it is an `ExportError`. */
    readonly wait: (
      id: VisualizationExportId,
      options?: VisualizationExportPollOptions
    ) => Effect.Effect<VisualizationExport, CartoError>
    /** Each new state. Ends with the export; how it went, its last state tells. */
    readonly watch: (
      id: VisualizationExportId,
      options?: VisualizationExportPollOptions
    ) => Stream.Stream<Seen<VisualizationExport>, CartoError>
    /** Starts the export of a map and waits for its file. */
    readonly run: (
      visualizationId: string,
      options?: VisualizationExportOptions & VisualizationExportPollOptions
    ) => Effect.Effect<VisualizationExport, CartoError>
    /**
     * The bytes of the file, a zip. Where it lies on another host, that one is never told the key. An export that is
     * not complete, or whose file is gone, is an `ExportError`.
     */
    readonly download: (id: VisualizationExportId) => Stream.Stream<Uint8Array, CartoError>
  }
>()("carto/VisualizationExports") {
  static readonly layer = (): Layer.Layer<VisualizationExports, never, CartoClient | Auth> =>
    Layer.effect(
      VisualizationExports,
      Effect.suspend(() => make)
    )
}

const api = "/api/v3/visualization_exports"
/** Far above what one of the states takes, also that of large maps. */
const stalledAfter = "1 hour"

const make = Effect.gen(function* () {
  const carto = yield* CartoClient
  const auth = yield* Auth

  /** Whoever has the id can read an export of nobody. */
  const recognized = (operation: string, { user_id }: VisualizationExport) =>
    user_id === null ? notAsStranger(auth, operation) : Effect.void

  const create = (operation: string, visualizationId: string, { tables }: VisualizationExportOptions) => {
    const body = {
      visualization_id: visualizationId,
      ...(tables === undefined ? {} : { user_tables_ids: tables.join(",") })
    }
    return carto
      .json(operation, VisualizationExport, HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(api), body))
      .pipe(Effect.tap((value) => recognized(operation, value)))
  }

  const get = (operation: string, id: VisualizationExportId) =>
    carto.json(operation, VisualizationExport, HttpClientRequest.get(`${api}${path`/${id}`}`))

  const work = (
    operation: string,
    id: VisualizationExportId,
    initial?: VisualizationExport
  ): Poll.Work<VisualizationExport> => ({
    operation,
    read: get(operation, id),
    cancel: Effect.void,
    state: ({ state }) => state,
    isOver,
    stalledAfter,
    stalled: ({ id, state }, after) =>
      failure(operation, id, state, `the export has stood still for ${inWords(after)}, with state ${state}`),
    initial
  })

  const wait = (work: Poll.Work<VisualizationExport>, options: VisualizationExportPollOptions) =>
    Effect.flatMap(Poll.wait(work, options), (value) => Effect.fromResult(outcome(work.operation, value)))

  const download = (operation: string, id: VisualizationExportId) =>
    Effect.gen(function* () {
      const value = yield* Effect.flatMap(get(operation, id), (value) => Effect.fromResult(outcome(operation, value)))
      const request = HttpClientRequest.get(addressOf(value, carto.account.baseUrl))
      const { bytes } = yield* carto
        .open(operation, request, { crossOrigin: "anonymous" })
        .pipe(
          Effect.catchIf(isGone, ({ status }) =>
            Effect.fail(failure(operation, id, value.state, `the file is gone: its link is answered with ${status}`))
          )
        )
      return bytes
    })

  return VisualizationExports.of({
    create: Effect.fn("VisualizationExports.create")((id, options = {}) =>
      create("VisualizationExports.create", id, options)
    ),
    get: Effect.fn("VisualizationExports.get")((id) => get("VisualizationExports.get", id)),
    wait: Effect.fn("VisualizationExports.wait")((id, options = {}) =>
      wait(work("VisualizationExports.wait", id), options)
    ),
    watch: (id, options) =>
      Poll.watch(work("VisualizationExports.watch", id), options).pipe(Stream.withSpan("VisualizationExports.watch")),
    run: Effect.fn("VisualizationExports.run")(function* (id, { tables, ...options } = {}) {
      const created = yield* create("VisualizationExports.run", id, { tables })
      return yield* wait(work("VisualizationExports.run", created.id, created), options)
    }),
    download: (id) =>
      Stream.unwrap(download("VisualizationExports.download", id)).pipe(
        Stream.withSpan("VisualizationExports.download")
      )
  })
})

/**
 * Where the file is. Of the server's own route only the end is taken: it needs the key, and the server writes hosts and
 * users of its own choice before it (platform reference, §1.1).
 */
const addressOf = ({ id, url }: VisualizationExport, baseUrl: string): string => {
  const route = `${api}${path`/${id}`}/download`
  return url === undefined || url === null || url === "" || url.replace(/[?#].*$/s, "").endsWith(route)
    ? `${baseUrl}${route}`
    : url
}

/** Storages refuse an expired link with a document of their own, in XML; CARTO's refusals are JSON or empty. */
const isGone = ({ reason }: CartoError): boolean =>
  reason._tag === "NotFoundError" || (reason._tag === "ProtocolError" && reason.status >= 400 && reason.status < 500)

const failure = (operation: string, exportId: string, exportState: string, message: string): CartoError =>
  new CartoError({ operation, reason: new ExportError({ exportId, exportState, message }) })
