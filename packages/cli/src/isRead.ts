/** Which calls only read. Errors tell the operation, not the request. */
import type { CartoError } from "@effect-carto/core/CartoError"

/** Those of a service, by the last word of `Service.operation`. */
const words = new Set([
  ...["get", "list", "listManaged", "check", "describe", "columns", "ddl", "dependents", "definition", "plan"],
  ...["inspect", "wait", "watch", "download", "grantables", "accessible"],
  ...["me", "account", "dashboard", "organization", "storage", "dataservicesQuota", "enoughQuota"],
  ...["tile", "tiles", "grid", "attributes", "torque", "cluster", "staticImage", "authorized"],
  ...["dataview", "search", "analyses", "analysis"],
  ...["metadata", "entityInfo", "subscription", "subscriptions", "subscriptionInfo", "syncState"]
])

/** Whose last word is that of others that write. */
const names = new Set(["Sql.stream", "SqlCopy.to", "SqlCopy.toStatement", "api.read", "doctor"])

/** Whether a call that failed cannot have changed anything; statements of any kind may have. */
export const isRead = ({ operation }: CartoError): boolean =>
  names.has(operation) || words.has(operation.slice(operation.indexOf(".") + 1))
