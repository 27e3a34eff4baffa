/** A dataset as it is printed. */
import type { Visualization } from "@effect-carto/core/Visualization"
import * as Records from "../../Records.ts"
import { common } from "../../visualizationRecord.ts"

export const shape = Records.shape(
  [
    "id",
    "name",
    "privacy",
    "description",
    "tags",
    "title",
    "license",
    "attributions",
    "source",
    "display_name",
    "geometry_types",
    "kind",
    "locked",
    "owner",
    "shared_with",
    "synchronization_id",
    "table_id",
    "map_id",
    "permission_id",
    "url",
    "created_at",
    "updated_at"
  ],
  ["name", "privacy", "updated_at", "description"]
)

export const record = (dataset: Visualization) => ({
  ...common(dataset),
  geometry_types: dataset.table?.geometry_types,
  kind: dataset.kind,
  owner: (dataset.permission ?? dataset.table?.permission)?.owner.username,
  // The key of it may stand in its address: what it is, `carto synchronization get` tells.
  synchronization_id: (dataset.synchronization ?? dataset.table?.synchronization)?.id,
  table_id: dataset.table?.id
})
