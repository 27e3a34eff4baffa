/** A map as it is printed: the server's spelling, with what it nests brought to one level. */
import type { Visualization } from "@effect-carto/core/Visualization"
import * as Records from "../../Records.ts"

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
  id: map.id,
  name: map.name,
  type: map.type,
  privacy: map.privacy,
  description: map.description,
  tags: map.tags,
  title: map.title,
  license: map.license,
  attributions: map.attributions,
  source: map.source,
  display_name: map.display_name,
  locked: map.locked,
  version: map.version,
  datasets: map.related_tables?.map(({ name }) => name),
  owner: map.permission?.owner.username,
  shared_with: map.permission?.acl?.map(({ access, entity, type }) => ({
    type,
    id: entity.id,
    name: entity.username ?? entity.name,
    access
  })),
  map_id: map.map_id,
  active_layer_id: map.active_layer_id,
  permission_id: map.permission?.id,
  url: map.url,
  created_at: map.created_at,
  updated_at: map.updated_at
})
