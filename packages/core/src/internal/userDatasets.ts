/** Requests to the service of the Data Observatory that keeps users' own tables (platform reference, §16.2). */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { CartoClient, RequestOptions } from "../CartoClient.ts"
import type { CartoError } from "../CartoError.ts"
import { EnrichmentId, type EnrichmentRequest } from "../Enrichment.ts"
import { type Column, type CreateOptions, type DownloadOptions, type UploadOptions, Work } from "../UserDataset.ts"
import { needsObservatory } from "./observatoryAdvice.ts"
import * as Waiting from "./observatoryWork.ts"
import { path } from "./path.ts"
import { refuse } from "./refuse.ts"
import { uploading } from "./uploading.ts"

const api = "/api/v4/data/observatory"
const shown: RequestOptions = { credential: "parameter" }
const once: RequestOptions = { ...shown, mayRepeat: (error) => error.isSurelyUndone }

const StartedImport = Schema.Struct({ item_queue_id: Schema.NonEmptyString })
const StartedEnrichment = Schema.Struct({ job_id: EnrichmentId })

export const make = (carto: CartoClient["Service"]) => {
  const at = (name: string) => `${api}/user/datasets${path`/${name}`}`
  const post = (operation: string, address: string, body: Schema.Json) =>
    carto.text(operation, HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(address), body), once)

  const create = Effect.fnUntraced(function* (
    operation: string,
    name: string,
    columns: ReadonlyArray<Column>,
    { timeToLive }: CreateOptions
  ) {
    const ttl = timeToLive === undefined ? {} : { ttl_seconds: yield* seconds(operation, timeToLive) }
    const schema = columns.map(({ name, type }) => ({ name, type }))
    yield* Effect.mapError(post(operation, `${api}/user/datasets`, { id: name, schema, ...ttl }), needsObservatory)
  })

  /** Not sent again once some of the source was taken: it may be there only once. */
  const upload = <E, R>(
    operation: string,
    name: string,
    csv: Stream.Stream<Uint8Array, E, R>,
    { geometryColumn }: UploadOptions
  ): Effect.Effect<void, CartoError | E, R> =>
    Effect.suspend(() => {
      let isTaken = false
      const watched = Stream.tap(csv, () =>
        Effect.sync(() => {
          isTaken = true
        })
      )
      return uploading(watched, (bytes) =>
        Effect.mapError(
          carto.text(
            operation,
            HttpClientRequest.post(at(name), {
              urlParams: geometryColumn === undefined ? {} : { geom_column: geometryColumn },
              body: HttpBody.stream(bytes, "text/csv")
            }),
            { ...shown, mayRepeat: (error) => !isTaken && error.isSurelyUndone }
          ),
          needsObservatory
        )
      ).pipe(Effect.asVoid)
    })

  const importUploaded = Effect.fnUntraced(function* (
    operation: string,
    name: string,
    options: Waiting.WorkPollOptions
  ) {
    const request = HttpClientRequest.post(`${at(name)}/imports`)
    const { item_queue_id: id } = yield* Effect.mapError(
      carto.json(operation, StartedImport, request, once),
      needsObservatory
    )
    yield* Waiting.wait(
      {
        operation,
        id,
        what: "the import",
        clean: carto.clean,
        remedy: "Correct the file, or make the dataset with the columns that it has, and upload it again.",
        read: carto.json(operation, Work, HttpClientRequest.get(`${at(name)}/imports${path`/${id}`}`), shown)
      },
      options
    )
  })

  const download = (operation: string, name: string, options: DownloadOptions): Stream.Stream<Uint8Array, CartoError> =>
    Stream.unwrap(
      carto.open(operation, HttpClientRequest.get(at(name), { urlParams: downloadParameters(options) }), shown).pipe(
        Effect.map(({ bytes }) => bytes),
        Effect.mapError(needsObservatory)
      )
    )

  const enrich = Effect.fnUntraced(function* (
    operation: string,
    enrichment: EnrichmentRequest,
    options: Waiting.WorkPollOptions
  ) {
    const { aggregation, filters, ...required } = enrichment
    const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(`${api}/enrichment`), {
      ...required,
      ...(filters === undefined ? {} : { filters }),
      ...(aggregation === undefined ? {} : { aggregation })
    })
    const { job_id } = yield* Effect.mapError(carto.json(operation, StartedEnrichment, request, once), needsObservatory)
    yield* Waiting.wait(
      {
        operation,
        id: job_id,
        what: "the enrichment",
        clean: carto.clean,
        remedy: "Look at the variables, the filters and the uploaded dataset, and start it again.",
        read: carto.json(
          operation,
          Work,
          HttpClientRequest.get(path`/api/v4/data/observatory/enrichment/${job_id}/status`),
          shown
        )
      },
      options
    )
    return { job_id, output: enrichment.output }
  })

  return { create, download, enrich, importUploaded, upload }
}

const seconds = (operation: string, time: Duration.Input): Effect.Effect<number, CartoError> =>
  Effect.suspend(() => {
    const seconds = Math.round(Duration.toSeconds(Duration.fromInputUnsafe(time)))
    return Number.isSafeInteger(seconds) && seconds > 0
      ? Effect.succeed(seconds)
      : Effect.fail(refuse(operation, "a time to live is a second at least", "Leave it out for the server's own."))
  })

const downloadParameters = (options: DownloadOptions): Readonly<Record<string, string>> => ({
  ...(options.limit === undefined ? {} : { limit: String(options.limit) }),
  ...(options.orderBy === undefined ? {} : { order_by: options.orderBy }),
  ...(options.query === undefined ? {} : { sql_query: options.query }),
  ...(options.addGeometry === undefined ? {} : { add_geom: String(options.addGeometry) }),
  ...(options.isGeography === undefined ? {} : { is_geography: String(options.isGeography) })
})
