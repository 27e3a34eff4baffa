/** The work of `carto data-observatory unsubscribe`. */
import { asking } from "./asking.ts"

export const run = asking(
  ({ unsubscribe }, id) => unsubscribe(id),
  (id) => `ended the subscription to ${id}`
)
