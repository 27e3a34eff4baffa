/** What can be asked of datasets, and what is told of them beside themselves. */
import type * as Duration from "effect/Duration"
import type { ImportRunOptions } from "./ImportOptions.ts"
import type { VisualizationChanges } from "./internal/visualizationChanges.ts"
import type {
  CombinableOrder,
  DatasetFilter,
  Direction,
  ListFilter,
  SingleOrder
} from "./internal/visualizationQuery.ts"
import type { VisualizationSummary } from "./Visualization.ts"

export interface DatasetListOptions extends Omit<ListFilter, "privacy">, DatasetFilter {
  readonly privacy?: "PUBLIC" | "LINK" | "PRIVATE" | undefined
  /** Default `updated_at`, the newest first. */
  readonly orderBy?: CombinableOrder | SingleOrder | ReadonlyArray<CombinableOrder> | undefined
  readonly direction?: Direction | ReadonlyArray<Direction> | undefined
}

/** Datasets have no passwords; those are for maps. */
export interface DatasetChanges extends VisualizationChanges<"PUBLIC" | "LINK" | "PRIVATE"> {}

export interface CreateOptions extends ImportRunOptions {
  /** Keep it in step with its source: whole seconds, at least 15 minutes. Not for bytes, queries and copies. */
  readonly interval?: Duration.Input | undefined
}

/** The maps that use a dataset. */
export interface Dependents {
  /** They show nothing else, and would be deleted with it. */
  readonly deleted: ReadonlyArray<VisualizationSummary>
  /** They would lose their layers of it. */
  readonly changed: ReadonlyArray<VisualizationSummary>
}
