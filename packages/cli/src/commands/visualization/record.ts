/** A map as it is printed. */
import type { Visualization } from "@effect-carto/core/Visualization"
import * as Records from "../../Records.ts"
import { common } from "../../visualizationRecord.ts"

export const shape = Records.shape(
  [
    "id",
    "name",
    "type",
    "privacy",
    "description",
    "tags",
    "title",
    "license",
    "attributions",
    "source",
    "display_name",
    "locked",
    "version",
    "datasets",
    "owner",
    "shared_with",
    "map_id",
    "active_layer_id",
    "permission_id",
    "url",
    "created_at",
    "updated_at"
  ],
  ["name", "privacy", "updated_at", "id"]
)

export const record = (map: Visualization) => ({
  ...common(map),
  type: map.type,
  version: map.version,
  datasets: map.related_tables?.map(({ name }) => name),
  owner: map.permission?.owner.username,
  active_layer_id: map.active_layer_id
})
