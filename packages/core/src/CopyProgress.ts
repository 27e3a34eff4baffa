/** How far a COPY is, told with every chunk. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

export interface CopyProgress {
  /** Of the data itself, before compression. */
  readonly bytes: number
  /** Known only where rows are the source: in bytes they cannot be told from line breaks inside of values. */
  readonly rows: number | undefined
  /** Since the transfer began. */
  readonly elapsed: Duration.Duration
  readonly bytesPerSecond: number
}

/** Runs with every chunk; the transfer waits for it. */
export type OnProgress = (progress: CopyProgress) => Effect.Effect<void>

/** What went through so far. */
export interface Count {
  bytes: number
  rows: number | undefined
}

/** Counts bytes on their way, from zero whenever the stream runs anew. */
export const counted = <E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  count: Count,
  onProgress: OnProgress | undefined
): Stream.Stream<Uint8Array, E, R> =>
  Stream.unwrap(
    Effect.map(Clock.currentTimeMillis, (start) => {
      count.bytes = 0
      count.rows = count.rows === undefined ? undefined : 0
      const tell = (now: number): CopyProgress => ({
        bytes: count.bytes,
        rows: count.rows,
        elapsed: Duration.millis(now - start),
        bytesPerSecond: now > start ? (count.bytes * 1000) / (now - start) : 0
      })
      const add = (chunk: Uint8Array) => {
        count.bytes += chunk.length
      }
      return onProgress === undefined
        ? Stream.mapArray(bytes, (chunks) => {
            chunks.forEach(add)
            return chunks
          })
        : Stream.tap(bytes, (chunk) => {
            add(chunk)
            return Effect.flatMap(Clock.currentTimeMillis, (now) => onProgress(tell(now)))
          })
    })
  )
