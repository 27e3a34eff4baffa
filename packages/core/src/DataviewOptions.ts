/** What a dataview is asked for (Maps reference, §10). */
import type { TimeUnit } from "./Dataview.ts"
import type { Bbox } from "./Tiles.ts"

export interface DataviewOptions {
  /** Only features in the box; it is the first that counts of `bbox`, `circle`, `polygon`. */
  readonly bbox?: Bbox | undefined
  /** The radius in metres. */
  readonly circle?: { readonly lng: number; readonly lat: number; readonly radius: number } | undefined
  readonly polygon?:
    | { readonly type: "Polygon"; readonly coordinates: ReadonlyArray<ReadonlyArray<ReadonlyArray<number>>> }
    | undefined
  /** Of the filters that the map was instantiated with: those of other dataviews (default), all, or none. */
  readonly filters?: "others" | "all" | "none" | undefined
  /** Of a histogram: its range, and the number of bins. */
  readonly start?: number | undefined
  readonly end?: number | undefined
  readonly bins?: number | undefined
  /** Of a histogram of dates: the unit, and the calendar's offset from UTC in seconds. */
  readonly aggregation?: TimeUnit | undefined
  readonly offset?: number | undefined
  /** Of an aggregation: how many, with the one that stands for all others. Default 6. */
  readonly categories?: number | undefined
}
