/** What the Data Observatory of this machine offers: a small table of the smallest states of Europe. */

export interface Entity {
  /** `project.dataset.table` */
  readonly id: string
  readonly type: "dataset" | "geography"
  /** Of public data the subscription is active at once; other data is requested. */
  readonly isPublic: boolean
}

export const entityTypes = ["dataset", "geography"] as const

export const entities: ReadonlyArray<Entity> = [
  { id: "carto-do-public-data.local.small_states", type: "dataset", isPublic: true },
  { id: "carto-do-public-data.local.small_states_points", type: "geography", isPublic: true },
  { id: "carto-do.local.small_states", type: "dataset", isPublic: false }
]

/** Name, ISO 3166-1 code, area in square kilometres, longitude and latitude of the capital. */
const rows = [
  ["Andorra", "AND", 468, 1.5218, 42.5063],
  ["Liechtenstein", "LIE", 160, 9.5209, 47.141],
  ["Luxembourg", "LUX", 2586, 6.13, 49.6116],
  ["Malta", "MLT", 316, 14.5146, 35.8989],
  ["Monaco", "MCO", 2, 7.4246, 43.7384],
  ["San Marino", "SMR", 61, 12.4473, 43.9354]
] as const

/** The rows as a query; a geography has the points, a dataset the areas. */
export const content = ({ type }: Entity): string => {
  const values = rows.map(
    ([name, code, area, longitude, latitude]) => `('${code}', '${name}', ${area}, ${longitude}, ${latitude})`
  )
  const columns =
    type === "dataset" ? "name, area" : "name, ST_SetSRID(ST_MakePoint(longitude, latitude), 4326) as the_geom"
  return `select geoid, ${columns} from (values ${values.join(", ")}) as states (geoid, name, area, longitude, latitude)`
}

/** Sizes as the subscription tells them. */
export const sizes = (entity: Entity) => {
  const bytes = Buffer.byteLength(content(entity))
  return { estimated_size: bytes, estimated_row_count: rows.length, estimated_columns_count: 3, num_bytes: bytes }
}

/** The terms of a subscription, of which there are none here. */
export const info = ({ id, isPublic, type }: Entity) => ({
  id,
  estimated_delivery_days: isPublic ? 0 : 3,
  subscription_list_price: 0,
  tos: null,
  tos_link: null,
  licenses: null,
  licenses_link: null,
  rights: null,
  type
})
