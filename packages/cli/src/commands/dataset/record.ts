/** A dataset as it is printed: the server's spelling, with what it nests brought to one level. */
import type { Visualization } from "@effect-carto/core/Visualization"
import * as Records from "../../Records.ts"

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
  id: dataset.id,
  name: dataset.name,
  privacy: dataset.privacy,
  description: dataset.description,
  tags: dataset.tags,
  title: dataset.title,
  license: dataset.license,
  attributions: dataset.attributions,
  source: dataset.source,
  display_name: dataset.display_name,
  geometry_types: dataset.table?.geometry_types,
  kind: dataset.kind,
  locked: dataset.locked,
  owner: (dataset.permission ?? dataset.table?.permission)?.owner.username,
  shared_with: dataset.permission?.acl?.map(({ access, entity, type }) => ({
    type,
    id: entity.id,
    name: entity.username ?? entity.name,
    access
  })),
  // The key of it may stand in its address: what it is, `carto synchronization get` tells.
  synchronization_id: (dataset.synchronization ?? dataset.table?.synchronization)?.id,
  table_id: dataset.table?.id,
  map_id: dataset.map_id,
  permission_id: dataset.permission?.id,
  url: dataset.url,
  created_at: dataset.created_at,
  updated_at: dataset.updated_at
})
