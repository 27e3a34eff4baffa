/** The export of a map: what was asked, how far it is, and how both are told (platform reference, §11). */
import { iso } from "../times.ts"
import type { Visualization } from "../Visualization.ts"

/** The states in their order; `failure` may take the place of any but the first. */
export const states = ["pending", "exporting", "uploading", "complete", "failure"] as const
export type State = (typeof states)[number]

export interface Export {
  readonly id: string
  readonly map: Visualization
  readonly datasets: ReadonlyArray<Visualization>
  /** None for a stranger. Then whoever has the id may read it. */
  readonly userId: string | null
  /** Where it will be downloaded, relative to the server. */
  readonly url: string
  /** The file, once it is there. */
  readonly path: string
  readonly createdAt: number
  updatedAt: number
  state: State
}

export const toObject = (one: Export) => ({
  id: one.id,
  visualization_id: one.map.id,
  user_id: one.userId,
  state: one.state,
  url: one.state === "complete" ? one.url : null,
  created_at: iso(one.createdAt),
  updated_at: iso(one.updatedAt)
})
