/** What the Data Observatory tells, as it is printed: with the members and the spelling of the server. */
import type * as DataSubscription from "@effect-carto/core/DataSubscription"
import * as Quantity from "../../format/Quantity.ts"
import * as Records from "../../Records.ts"

export const subscription = Records.shape(
  [
    "id",
    "type",
    "status",
    "created_at",
    "expires_at",
    "project",
    "dataset",
    "table",
    "available_in",
    "license_type",
    "full_access_status_bq",
    "full_access_status_azure",
    "full_access_status_aws",
    "estimated_size",
    "estimated_row_count",
    "estimated_columns_count",
    "num_bytes",
    "sync_status",
    "unsyncable_reason",
    "sync_table",
    "sync_table_id",
    "synchronization_id"
  ],
  ["id", "type", "status", "sync_status", "sync_table", "expires_at"]
)

export const terms = Records.shape([
  "id",
  "type",
  "subscription_list_price",
  "estimated_delivery_days",
  "tos",
  "tos_link",
  "licenses",
  "licenses_link",
  "rights"
])

export const copy = Records.shape(["id", "sync_status", "sync_table", "unsyncable_reason"])

/** On one line, before somebody agrees to them. */
export const inWords = (terms: DataSubscription.SubscriptionInfo): string =>
  [
    terms.subscription_list_price == null
      ? "the server tells no price"
      : `list price ${Quantity.count(terms.subscription_list_price)}`,
    ...(terms.estimated_delivery_days == null ? [] : [`delivered within ${terms.estimated_delivery_days} days`]),
    ...(terms.tos_link == null ? [] : [`terms: ${terms.tos_link}`]),
    ...(terms.licenses_link == null ? [] : [`license: ${terms.licenses_link}`])
  ].join(", ")
