/** What a dataset and a map are printed with alike: the server's spelling, with what it nests brought to one level. */
import type { Visualization } from "@effect-carto/core/Visualization"

export const common = (visualization: Visualization) => ({
  id: visualization.id,
  name: visualization.name,
  privacy: visualization.privacy,
  description: visualization.description,
  tags: visualization.tags,
  title: visualization.title,
  license: visualization.license,
  attributions: visualization.attributions,
  source: visualization.source,
  display_name: visualization.display_name,
  locked: visualization.locked,
  shared_with: sharedWith(visualization),
  map_id: visualization.map_id,
  permission_id: visualization.permission?.id,
  url: visualization.url,
  created_at: visualization.created_at,
  updated_at: visualization.updated_at
})

/** Who else may see or change it, as far as the key may know. */
export const sharedWith = ({ permission }: Visualization) =>
  permission?.acl?.map(({ access, entity, type }) => ({
    type,
    id: entity.id,
    name: entity.username ?? entity.name,
    access
  }))
