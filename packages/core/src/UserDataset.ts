/** Tables of one's own in the Data Observatory, for enrichment (platform reference, §16.2: known from a client only). */
import type * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

/** BigQuery's types. */
export type ColumnType =
  | "STRING"
  | "BYTES"
  | "INTEGER"
  | "INT64"
  | "FLOAT"
  | "FLOAT64"
  | "BOOLEAN"
  | "BOOL"
  | "TIMESTAMP"
  | "DATE"
  | "TIME"
  | "DATETIME"
  | "GEOGRAPHY"

export interface Column {
  readonly name: string
  readonly type: ColumnType
}

export interface CreateOptions {
  /** The dataset is gone after it. Default the server's. */
  readonly timeToLive?: Duration.Input | undefined
}

export interface UploadOptions {
  /** The column that holds geometries. */
  readonly geometryColumn?: string | undefined
}

export interface DownloadOptions {
  readonly limit?: number | undefined
  readonly orderBy?: string | undefined
  /**
   * A query in place of all rows, in the dialect of the service. It names what it reads by the placeholder `$dataset$`,
   * or `$geography$`.
   */
  readonly query?: string | undefined
  /** The places of data that is subscribed to, which are in its geography, beside its rows. */
  readonly addGeometry?: boolean | undefined
  /** The name is that of a geography that is subscribed to. */
  readonly isGeography?: boolean | undefined
}

/** A piece of work of the service. Words other than `success` and `failure` mean that it goes on. */
export const Work = Schema.Struct({
  status: Schema.String,
  /** Texts, as far as is known. */
  errors: Schema.optionalKey(Schema.NullOr(Schema.Json))
})
export type Work = typeof Work.Type
