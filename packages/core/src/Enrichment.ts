/** Jobs that add columns of the Data Observatory to one's own data (platform reference, §16.2: known from a client only). */
import * as Schema from "effect/Schema"

export interface EnrichmentRequest {
  readonly type: "points" | "polygons"
  /** The dataset to enrich, uploaded before. */
  readonly input: string
  readonly variables: Schema.Json
  readonly filters?: Schema.Json | undefined
  /** For polygons: how values of several areas become one. */
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
