/** Subscriptions to data of the Data Observatory (platform reference, §16.1). */
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { count, flag, json, maybe, text, texts } from "./internal/optional.ts"
import { Timestamp } from "./internal/timestamp.ts"

/** `project.dataset.table` */
export const EntityId = Schema.NonEmptyString.pipe(Schema.brand("carto/EntityId"))
export type EntityId = typeof EntityId.Type

/** Access to the data's store; the server passes on what another one tells. */
export const Token = Schema.Struct({
  access_token: maybe(Schema.RedactedFromValue(Schema.String, { label: "access token", disallowEncode: true })),
  bq_public_project: text,
  gcp_execution_project: text,
  bq_project: text,
  bq_dataset: text,
  gcs_bucket: text,
  instant_licensing: flag
})
export type Token = typeof Token.Type

/** An instant, or a blank text where there is none. */
const time = maybe(
  Schema.String.pipe(
    Schema.decodeTo(Schema.NullOr(Timestamp), {
      decode: SchemaGetter.transform((text) => (text.trim() === "" ? null : text)),
      encode: SchemaGetter.transform((text) => text ?? "")
    })
  )
)

/** Old ones may miss anything behind `expires_at`. */
export const DataSubscription = Schema.Struct({
  id: EntityId,
  dataset_id: text,
  project: text,
  dataset: text,
  table: text,
  /** `dataset` or `geography`. */
  type: text,
  /** `active`, `requested` or `expired`. */
  status: text,
  created_at: time,
  expires_at: time,
  /** `bq`, `bigtable`, `carto`. */
  available_in: texts,
  license_type: text,
  full_access_status_bq: text,
  full_access_status_azure: text,
  full_access_status_aws: text,
  full_access_aws_info: json,
  full_access_azure_info: json,
  estimated_size: count,
  estimated_row_count: count,
  estimated_columns_count: count,
  num_bytes: count,
  /** `unsynced`, `syncing`, `synced` or `unsyncable`. */
  sync_status: text,
  unsyncable_reason: text,
  unsynced_errors: json,
  /** The account's table that holds the data. */
  sync_table: text,
  sync_table_id: text,
  synchronization_id: text
})
export type DataSubscription = typeof DataSubscription.Type

/** The terms of a subscription, before it is made. */
export const SubscriptionInfo = Schema.Struct({
  id: EntityId,
  type: text,
  estimated_delivery_days: count,
  subscription_list_price: count,
  tos: text,
  tos_link: text,
  licenses: text,
  licenses_link: text,
  rights: text
})
export type SubscriptionInfo = typeof SubscriptionInfo.Type

/** Whether the data is in the account's own database. */
export const SyncState = Schema.Struct({
  sync_status: text,
  sync_table: text,
  unsyncable_reason: text
})
export type SyncState = typeof SyncState.Type

/** Sizes of an entity, and whatever else the server tells of it. */
export const EntityInfo = Schema.StructWithRest(
  Schema.Struct({
    estimated_size: count,
    estimated_row_count: count,
    estimated_columns_count: count,
    num_bytes: count
  }),
  [Schema.Record(Schema.String, Schema.Json)]
)
export type EntityInfo = typeof EntityInfo.Type
