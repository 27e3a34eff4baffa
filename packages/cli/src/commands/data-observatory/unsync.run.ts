/** The work of `carto data-observatory unsync`. */
import { asking } from "./asking.ts"

export const run = asking(
  ({ unsync }, id) => unsync(id),
  (id) => `ended the copying of ${id}`
)
