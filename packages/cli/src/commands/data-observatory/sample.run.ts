/** The work of `carto data-observatory sample`. */
import { asking } from "./asking.ts"

export const run = asking(
  ({ sample }, id) => sample(id),
  (id) => `asked for a sample of ${id}; it appears among the datasets`
)
