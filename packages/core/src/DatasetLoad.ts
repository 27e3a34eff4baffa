/** How rows get into a dataset, and which steps that takes. */

/**
 * `replace` puts the new rows in the place of all old ones; `append` adds them; `upsert` changes the rows with the same
 * key, and adds the others. Columns that the data does not have stay as they are, or get their defaults in new rows.
 */
export type LoadMode = "replace" | "append" | { readonly upsert: string | ReadonlyArray<string> }

export interface LoadOptions {
  /** Columns of the dataset that may be missing in the new data of a `replace`, and then get their defaults. */
  readonly allowMissing?: ReadonlyArray<string> | undefined
  /** Whether no rows at all may replace the old ones. Default false: a source that dried up empties no dataset. */
  readonly allowEmpty?: boolean | undefined
}

export interface PlanOptions extends LoadOptions {
  /** Default `replace`. */
  readonly mode?: LoadMode | undefined
}

/** What is sent, one request or one batch job each. Statements of one step are one transaction. */
export interface LoadStep {
  readonly purpose: string
  readonly sql: string
}

export interface Loaded {
  /** Of the new data. Unknown where a batch job had to load them: jobs tell no counts. */
  readonly rows: number | undefined
}
