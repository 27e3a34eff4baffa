/**
 * The Data Observatory: subscriptions to others' data, `/api/v4/do`, and the service that enriches one's own,
 * `/api/v4/data/observatory` (platform reference, §16). Only installations in the cloud have it.
 *
 * CARTO never published these APIs: they may change. Of the second only is known what one client sent and read.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { CartoClient } from "./CartoClient.ts"
import type { CartoError } from "./CartoError.ts"
import type { DataSubscription, EntityId, EntityInfo, SubscriptionInfo, SyncState, Token } from "./DataSubscription.ts"
import type { Enrichment, EnrichmentRequest } from "./Enrichment.ts"
import * as Subscriptions from "./internal/dataSubscriptions.ts"
import { mayWrite } from "./internal/mayWrite.ts"
import { metadataUrl } from "./internal/observatoryMetadata.ts"
import type { WorkPollOptions } from "./internal/observatoryWork.ts"
import { path } from "./internal/path.ts"
import { publicKey } from "./internal/publicKey.ts"
import * as UserDatasets from "./internal/userDatasets.ts"
import type { Column, CreateOptions, DownloadOptions, UploadOptions } from "./UserDataset.ts"

export type { WorkPollOptions }

export interface SubscriptionListOptions {
  readonly status?: "active" | "requested" | undefined
  readonly type?: "dataset" | "geography" | undefined
  /** Default `created_at`, the oldest first. */
  readonly orderBy?: "created_at" | "id" | "table" | "dataset" | "project" | "type" | undefined
  readonly direction?: "asc" | "desc" | undefined
}

export type MetadataEntity =
  | "countries"
  | "categories"
  | "providers"
  | "datasets"
  | "geographies"
  | "variables"
  | "variables_groups"

export interface MetadataOptions {
  /** One of them. */
  readonly id?: string | undefined
  /** With the id of a dataset: its variables. */
  readonly of?: "variables" | undefined
  /** Such as `country`, `category`, `provider`, `dataset`; those of the server are not published. */
  readonly filters?: Readonly<Record<string, string>> | undefined
}

export interface DataObservatoryOptions {
  /** Refuse every change. */
  readonly readOnly?: boolean | undefined
}

/** All methods but `metadata` need the master key or a key with the API `do`, which travels as a parameter. */
export class DataObservatory extends Context.Service<
  DataObservatory,
  {
    /** Access to the store of the data, for a while. */
    readonly token: Effect.Effect<Token, CartoError>
    /** All of them, in one answer. */
    readonly subscriptions: (
      options?: SubscriptionListOptions
    ) => Effect.Effect<ReadonlyArray<DataSubscription>, CartoError>
    /** What is not subscribed to is a `NotFoundError`. */
    readonly subscription: (id: EntityId) => Effect.Effect<DataSubscription, CartoError>
    /** Price, delivery and licenses, before one subscribes. */
    readonly subscriptionInfo: (
      id: EntityId,
      options?: { readonly type?: "dataset" | "geography" | undefined }
    ) => Effect.Effect<SubscriptionInfo, CartoError>
    /**
     * Subscribes on the terms that were read. It may cost money: data that is not public is ordered by it. Not sent
     * again when it may have arrived.
     */
    readonly subscribe: (terms: SubscriptionInfo) => Effect.Effect<SubscriptionInfo, CartoError>
    readonly unsubscribe: (id: EntityId) => Effect.Effect<void, CartoError>
    /** Asks for the whole data in the stores of others. */
    readonly requestAccess: (
      id: EntityId,
      clouds: readonly ["bq" | "azure" | "aws", ...ReadonlyArray<"bq" | "azure" | "aws">]
    ) => Effect.Effect<DataSubscription, CartoError>
    readonly entityInfo: (id: EntityId) => Effect.Effect<EntityInfo, CartoError>
    readonly syncState: (id: EntityId) => Effect.Effect<SyncState, CartoError>
    /** Copies the data into a table of the account, and waits until it is there. */
    readonly sync: (id: EntityId, options?: WorkPollOptions) => Effect.Effect<SyncState, CartoError>
    /** Ends the copying; what becomes of the table the server decides. */
    readonly unsync: (id: EntityId) => Effect.Effect<void, CartoError>
    /** Copies a sample of data, which nobody has to subscribe to, into the account. */
    readonly sample: (id: EntityId) => Effect.Effect<void, CartoError>
    /** Makes a dataset of the service, without rows; one of the same name is replaced. */
    readonly createDataset: (
      name: string,
      columns: ReadonlyArray<Column>,
      options?: CreateOptions
    ) => Effect.Effect<void, CartoError>
    /** Sends CSV with a header line as it comes, in constant memory. It is in the dataset after `importDataset`. */
    readonly upload: <E, R>(
      name: string,
      csv: Stream.Stream<Uint8Array, E, R>,
      options?: UploadOptions
    ) => Effect.Effect<void, CartoError | E, R>
    /** Puts what was uploaded into the dataset, and waits until it is there. */
    readonly importDataset: (name: string, options?: WorkPollOptions) => Effect.Effect<void, CartoError>
    /** `createDataset`, `upload` and `importDataset`. */
    readonly load: <E, R>(
      name: string,
      columns: ReadonlyArray<Column>,
      csv: Stream.Stream<Uint8Array, E, R>,
      options?: CreateOptions & UploadOptions & WorkPollOptions
    ) => Effect.Effect<void, CartoError | E, R>
    /** CSV with a header line, in constant memory: of one's own dataset, or by its id of data that is subscribed to. */
    readonly download: (name: string, options?: DownloadOptions) => Stream.Stream<Uint8Array, CartoError>
    /** Adds columns to an uploaded dataset, as another one, and waits until it is there. */
    readonly enrich: (request: EnrichmentRequest, options?: WorkPollOptions) => Effect.Effect<Enrichment, CartoError>
    /** The catalog, which is public. */
    readonly metadata: (entity: MetadataEntity, options?: MetadataOptions) => Effect.Effect<Schema.Json, CartoError>
  }
>()("carto/DataObservatory") {
  static readonly layer = (options?: DataObservatoryOptions): Layer.Layer<DataObservatory, never, CartoClient> =>
    Layer.effect(DataObservatory, make(options ?? {}))
}

const make = Effect.fnUntraced(function* (settings: DataObservatoryOptions) {
  const carto = yield* CartoClient
  const writable = mayWrite(settings)
  const subscriptions = Subscriptions.make(carto)
  const datasets = UserDatasets.make(carto)

  /** A change under its own name, refused where nothing may be changed. */
  const change = <Args extends ReadonlyArray<unknown>, A, E, R>(
    operation: string,
    use: (operation: string, ...args: Args) => Effect.Effect<A, E, R>
  ) => Effect.fn(operation)((...args: Args) => Effect.andThen(writable(operation), use(operation, ...args)))

  return DataObservatory.of({
    token: Effect.withSpan(subscriptions.token("DataObservatory.token"), "DataObservatory.token"),
    subscriptions: Effect.fn("DataObservatory.subscriptions")((options = {}) =>
      subscriptions.list("DataObservatory.subscriptions", options)
    ),
    subscription: Effect.fn("DataObservatory.subscription")((id) =>
      subscriptions.get("DataObservatory.subscription", id)
    ),
    subscriptionInfo: Effect.fn("DataObservatory.subscriptionInfo")((id, options = {}) =>
      subscriptions.info("DataObservatory.subscriptionInfo", id, options.type)
    ),
    subscribe: change("DataObservatory.subscribe", subscriptions.subscribe),
    unsubscribe: change("DataObservatory.unsubscribe", subscriptions.unsubscribe),
    requestAccess: change("DataObservatory.requestAccess", subscriptions.requestAccess),
    entityInfo: Effect.fn("DataObservatory.entityInfo")((id) =>
      subscriptions.entityInfo("DataObservatory.entityInfo", id)
    ),
    syncState: Effect.fn("DataObservatory.syncState")((id) => subscriptions.syncState("DataObservatory.syncState", id)),
    sync: change("DataObservatory.sync", (operation, id: EntityId, options: WorkPollOptions = {}) =>
      subscriptions.sync(operation, id, options)
    ),
    unsync: change("DataObservatory.unsync", subscriptions.unsync),
    sample: change("DataObservatory.sample", subscriptions.sample),
    createDataset: change(
      "DataObservatory.createDataset",
      (operation, name: string, columns: ReadonlyArray<Column>, options: CreateOptions = {}) =>
        datasets.create(operation, name, columns, options)
    ),
    upload: (name, csv, options = {}) =>
      Effect.andThen(
        writable("DataObservatory.upload"),
        datasets.upload("DataObservatory.upload", name, csv, options)
      ).pipe(Effect.withSpan("DataObservatory.upload")),
    importDataset: change("DataObservatory.importDataset", (operation, name: string, options: WorkPollOptions = {}) =>
      datasets.importUploaded(operation, name, options)
    ),
    load: (name, columns, csv, options = {}) => {
      const operation = "DataObservatory.load"
      return writable(operation).pipe(
        Effect.andThen(datasets.create(operation, name, columns, options)),
        Effect.andThen(datasets.upload(operation, name, csv, options)),
        Effect.andThen(datasets.importUploaded(operation, name, options)),
        Effect.withSpan(operation)
      )
    },
    download: (name, options = {}) =>
      Stream.withSpan(datasets.download("DataObservatory.download", name, options), "DataObservatory.download"),
    enrich: change("DataObservatory.enrich", (operation, request: EnrichmentRequest, options: WorkPollOptions = {}) =>
      datasets.enrich(operation, request, options)
    ),
    metadata: Effect.fn("DataObservatory.metadata")((entity, { filters = {}, id, of } = {}) => {
      const one = id === undefined ? "" : path`/${id}`
      const address = metadataUrl(carto.account, `${entity}${one}${of === undefined ? "" : `/${of}`}`, filters)
      return carto.json("DataObservatory.metadata", Schema.Json, HttpClientRequest.get(address), {
        // The catalog is another user's.
        apiKey: publicKey,
        credential: "parameter",
        crossOrigin: "anonymous"
      })
    })
  })
})
