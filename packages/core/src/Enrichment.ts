/** Jobs that add columns of the Data Observatory to one's own data (platform reference, §16.2: known from a client only). */
import * as Schema from "effect/Schema"

export interface EnrichmentRequest {
  readonly type: "points" | "polygons"
  /** The dataset to enrich, uploaded before. */
  readonly input: string
  /** A list of variables of the catalog, by their ids or slugs. */
  readonly variables: Schema.Json
  /** Which places count: by the id of a variable the end of a condition in SQL, such as `> 100`. */
  readonly filters?: Schema.Json | undefined
  /**
   * How values of several places become one: `SUM` and the like for all variables, or by their ids. `default` is each
   * variable's own, `null` none.
   */
  readonly aggregation?: Schema.Json | undefined
  /** The dataset to make. */
  readonly output: string
}

export const EnrichmentId = Schema.NonEmptyString.pipe(Schema.brand("carto/EnrichmentId"))
export type EnrichmentId = typeof EnrichmentId.Type

/** An enrichment that has ended well; `output` can be downloaded. */
export interface Enrichment {
  readonly job_id: EnrichmentId
  readonly output: string
}
