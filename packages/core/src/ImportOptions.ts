/** How to import, and how to wait for it (platform reference, §6.1). */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Import } from "./Import.ts"
import type { PollOptions, Seen } from "./PollOptions.ts"

export interface ImportOptions {
  /** Numbers, dates and the like get their types. With `false` every column is text, and identifiers stay whole. Default true. */
  readonly typeGuessing?: boolean | undefined
  /** Types are guessed for quoted values too. Default true. */
  readonly quotedFieldsGuessing?: boolean | undefined
  /** Geocodes by what columns hold: countries, regions, IP addresses. Default false. */
  readonly contentGuessing?: boolean | undefined
  /** A map of the new dataset, too. Default false. */
  readonly createMap?: boolean | undefined
  /** Default private where the account may have private datasets. */
  readonly privacy?: "public" | "private" | "link" | undefined
  /** What becomes of a dataset that has the name already. Default: the new one gets a number. */
  readonly collisionStrategy?: "skip" | "overwrite" | undefined
  /** What a search at Twitter may cost. */
  readonly twitterCreditsLimit?: number | undefined
  /** Runs with every chunk of bytes that is sent; the upload waits for it. */
  readonly onProgress?: ((progress: ImportProgress) => Effect.Effect<void>) | undefined
}

/** How an upload goes on. */
export interface ImportProgress {
  /** Of the file, as the server is told. */
  readonly name: string
  /** Of the source, without the framing of the request. */
  readonly bytes: number
  /** Of the source, where it is known. */
  readonly size: number | undefined
  readonly elapsed: Duration.Duration
  readonly bytesPerSecond: number
}

/** The server has no way to stop an import: given up, it goes on, and keeps its slot until its end. */
export type ImportWaitOptions = Omit<PollOptions, "onInterrupt">

export interface ImportRunOptions extends ImportOptions, ImportWaitOptions {
  /** Runs with each new state of the import; the waiting waits for it. The first one tells the id. */
  readonly onState?: ((seen: Seen<Import>) => Effect.Effect<void>) | undefined
}
