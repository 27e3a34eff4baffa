/** What draws a layer, once all that can fail is over. */
import type { Collisions } from "./Collisions.ts"
import type { Pen } from "./Pen.ts"

/** What the layers of one image share. */
export interface Sheet {
  readonly pen: Pen
  readonly collisions: Collisions
}

export type Drawing = (sheet: Sheet) => void
