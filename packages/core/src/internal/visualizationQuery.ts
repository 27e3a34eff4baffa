/** Filters, order and flags of lists and reads of `/api/v1/viz` as its parameters (platform reference, §8.3, §8.4). */
import type * as Redacted from "effect/Redacted"

/** Orders that can stand together with others. */
export type CombinableOrder = "name" | "updated_at" | "favorited" | "privacy" | "dependent_visualizations"
/** Orders that stand alone. */
export type SingleOrder = "size" | "mapviews" | "estimated_row_count"
export type Direction = "asc" | "desc"

/** What a list leaves out unless it is asked for: it makes lists much slower. */
export type ListInclude =
  | "auth_tokens"
  | "liked"
  | "permission"
  | "stats"
  | "synchronization"
  | "table"
  | "table_size_and_row_count"
  | "uses_builder_features"

/** What a single read leaves out unless it is asked for. */
export type ReadInclude = "auth_tokens" | "liked" | "permission" | "related_canonical_visualizations" | "stats" | "user"

export interface ListFilter {
  /** Full text, and any part of name, description and tags. The best match comes first, whatever `orderBy` says. */
  readonly search?: string | undefined
  /** Any of them. */
  readonly tags?: ReadonlyArray<string> | undefined
  readonly privacy?: "PUBLIC" | "LINK" | "PRIVATE" | "PASSWORD" | undefined
  readonly locked?: boolean | undefined
  /** Of others: with one's own (default), not, or only. */
  readonly shared?: "yes" | "no" | "only" | undefined
  /** Only what the user likes. */
  readonly liked?: boolean | undefined
  /** Only what has a name for people beside its own. */
  readonly displayNamed?: boolean | undefined
  /** The dependent maps to name of each, at most; slow. */
  readonly dependents?: number | undefined
  readonly include?: ReadonlyArray<ListInclude> | undefined
  /** Default 100. */
  readonly pageSize?: number | undefined
}

/** Filters for datasets only. */
export interface DatasetFilter {
  /** What touches it: minx, miny, maxx, maxy in degrees. */
  readonly bbox?: readonly [number, number, number, number] | undefined
  readonly excludeRaster?: boolean | undefined
  /** Only subscriptions of the Data Observatory. */
  readonly subscribed?: boolean | undefined
  /** Only samples of the Data Observatory. */
  readonly sample?: boolean | undefined
}

export interface ListQuery extends ListFilter, DatasetFilter {
  readonly types: ReadonlyArray<string>
  /** Only maps that were published. */
  readonly published?: boolean | undefined
  readonly orderBy?: string | ReadonlyArray<string> | undefined
  readonly direction?: Direction | ReadonlyArray<Direction> | undefined
}

export interface ReadOptions {
  readonly include?: ReadonlyArray<ReadInclude> | undefined
  /** The dependent maps to name, at most. */
  readonly dependents?: number | undefined
  /** Of a map with privacy `PASSWORD`. */
  readonly password?: Redacted.Redacted | undefined
}

type Parameters = Readonly<Record<string, string>>

const flags: ReadonlyArray<ListInclude> = [
  "auth_tokens",
  "liked",
  "permission",
  "stats",
  "synchronization",
  "table",
  "table_size_and_row_count",
  "uses_builder_features"
]

const list = (name: string, values: string | ReadonlyArray<string> | undefined) =>
  values === undefined || values.length === 0 ? {} : { [name]: typeof values === "string" ? values : values.join(",") }

/** Only `true` means something. */
const only = (name: string, isOn: boolean | undefined) => (isOn === true ? { [name]: "true" } : {})

const dependents = (count: number | undefined) =>
  count === undefined ? {} : { with_dependent_visualizations: String(count) }

/** All flags are on unless they are switched off. */
export const listParameters = (query: ListQuery): Parameters => {
  const include = new Set(query.include)
  return {
    types: query.types.join(","),
    per_page: String(query.pageSize ?? 100),
    ...list("order", query.orderBy),
    ...list("order_direction", query.direction),
    ...list("q", query.search),
    ...list("tags", query.tags),
    // Lower case here, though the answers are in upper case.
    ...list("privacy", query.privacy?.toLowerCase()),
    ...(query.locked === undefined ? {} : { locked: String(query.locked) }),
    ...list("shared", query.shared),
    ...only("only_liked", query.liked),
    ...only("only_with_display_name", query.displayNamed),
    ...only("only_published", query.published),
    ...only("exclude_raster", query.excludeRaster),
    ...only("subscribed", query.subscribed),
    ...only("sample", query.sample),
    ...list("bbox", query.bbox?.map(String)),
    ...dependents(query.dependents),
    ...Object.fromEntries(flags.filter((flag) => !include.has(flag)).map((flag) => [`show_${flag}`, "false"]))
  }
}

const readFlag = (include: ReadInclude): string =>
  include === "user" || include === "related_canonical_visualizations" ? `fetch_${include}` : `show_${include}`

/** All flags are off unless they are switched on. */
export const readParameters = (options: ReadOptions): Parameters => ({
  ...Object.fromEntries((options.include ?? []).map((include) => [readFlag(include), "true"])),
  ...dependents(options.dependents)
})
