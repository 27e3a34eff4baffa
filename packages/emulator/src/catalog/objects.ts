/** The objects of `viz`, `tables` and `perm` (platform reference, §8.1, §8.2, §10.2), with instants as lists write them. */
import { createHash } from "node:crypto"
import { iso } from "./times.ts"
import type { AclEntry, Visualization } from "./Visualization.ts"

/** What PostgreSQL tells of a table. */
export interface TableFacts {
  /** Bytes. */
  readonly size: number | null
  /** The planner's estimate. */
  readonly rowCount: number | null
}

/** For whom an object is written, and what is known besides the catalog. */
export interface View {
  /** Whether the private form is shown: to the master key, of what is its user's or shared with that one. */
  readonly isOwner: boolean
  /** Of the user who is asked. */
  readonly schema: string
  /** The account's address, before paths. */
  readonly base: string
  /** Whose something is, as the reader may see that user; nothing where none of the objects shows it. */
  readonly owner: (visualization: Visualization) => Readonly<Record<string, unknown>>
  readonly now: number
  readonly facts: (dataset: Visualization) => TableFacts
  /** The entity of an entry of an ACL as an object; `undefined` for one that has vanished. */
  readonly entity: (entry: AclEntry) => unknown
}

/** The members that the reader may switch on or off. */
export interface Show {
  readonly stats: boolean
  readonly table: boolean
  readonly liked: boolean
  readonly permission: boolean
  readonly synchronization: boolean
  readonly usesBuilderFeatures: boolean
  readonly size: boolean
  readonly authTokens: boolean
}

export const everything: Show = {
  stats: true,
  table: true,
  liked: true,
  permission: true,
  synchronization: true,
  usesBuilderFeatures: true,
  size: true,
  authTokens: true
}

const day = 86_400_000

/** Nobody visits what this machine serves: thirty days of zeros. */
const stats = (now: number) =>
  Object.fromEntries(Array.from({ length: 30 }, (_, i) => [iso(now - (29 - i) * day).slice(0, 10), 0]))

const isProtected = ({ privacy }: Visualization): boolean => privacy === "PRIVATE" || privacy === "PASSWORD"

const authTokens = (visualization: Visualization): ReadonlyArray<string> =>
  isProtected(visualization)
    ? [createHash("sha256").update(visualization.permission_id).digest("hex").slice(0, 40)]
    : []

/** Strangers see of a permission whose it is. */
export const permissionObject = (view: View, visualization: Visualization) => {
  const { acl, created_at, id, permission_id, shared_at } = visualization
  return {
    id: permission_id,
    owner: view.owner(visualization),
    ...(view.isOwner
      ? {
          entity: { id, type: "vis" },
          acl: acl.flatMap((entry) => {
            const entity = view.entity(entry)
            return entity === undefined ? [] : [{ type: entry.type, entity, access: entry.access }]
          }),
          created_at: iso(created_at),
          updated_at: iso(shared_at)
        }
      : {})
  }
}

/** The table of a dataset. */
export const tableObject = (view: View, dataset: Visualization, show: Show) => {
  const { rowCount, size } = view.facts(dataset)
  const isOwn = view.isOwner && dataset.schema === view.schema
  return {
    id: dataset.table_id,
    name: isOwn ? dataset.name : `"${dataset.schema}".${dataset.name}`,
    geometry_types: dataset.geometry_types,
    // Whoever has the link may read it, so that the table itself is as good as public.
    privacy: dataset.privacy === "LINK" ? "PUBLIC" : dataset.privacy,
    updated_at: iso(dataset.updated_at),
    ...(isOwn ? { synchronization: dataset.synchronization } : {}),
    ...(show.size ? { size, row_count: rowCount } : {}),
    ...(show.permission ? { permission: permissionObject(view, dataset) } : {})
  }
}

const privateMembers = (view: View, visualization: Visualization, show: Show) => ({
  map_id: visualization.map_id,
  active_layer_id: visualization.active_layer_id,
  locked: visualization.locked,
  external_source: {},
  url: `${view.base}/${visualization.type === "table" ? `tables/${encodeURIComponent(visualization.name)}` : `viz/${visualization.id}/map`}`,
  version: visualization.version,
  prev_id: null,
  next_id: null,
  parent_id: null,
  transition_options: visualization.transition_options,
  active_child: null,
  children: [],
  ...(show.synchronization ? { synchronization: visualization.synchronization } : {}),
  ...(show.usesBuilderFeatures ? { uses_builder_features: false } : {})
})

/** A dataset or a map. */
export const visualizationObject = (view: View, visualization: Visualization, show: Show) => ({
  id: visualization.id,
  name: visualization.name,
  display_name: visualization.display_name,
  type: visualization.type,
  tags: visualization.tags,
  description: visualization.description,
  privacy: visualization.privacy,
  created_at: iso(visualization.created_at),
  updated_at: iso(visualization.updated_at),
  source: visualization.source,
  title: visualization.title,
  license: visualization.license,
  attributions: visualization.attributions,
  kind: visualization.kind,
  ...(view.isOwner ? privateMembers(view, visualization, show) : {}),
  ...(show.liked ? { liked: view.isOwner && visualization.liked } : {}),
  ...(show.permission ? { permission: permissionObject(view, visualization) } : {}),
  stats: show.stats ? stats(view.now) : {},
  auth_tokens: show.authTokens ? authTokens(visualization) : [],
  ...(show.table ? { table: visualization.type === "table" ? tableObject(view, visualization, show) : {} } : {})
})

/** A visualization that depends on another. */
export const summary = (view: View, visualization: Visualization) => ({
  id: visualization.id,
  name: visualization.name,
  updated_at: iso(visualization.updated_at),
  permission: { id: visualization.permission_id, owner: view.owner(visualization) },
  auth_tokens: authTokens(visualization)
})
