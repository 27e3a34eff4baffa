/** How uploads are compressed. A platform's package puts its faster way in the place of the portable default. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/** Makes one gzip file of a stream. The source's failures pass through; nothing else can fail. */
export type Compress = (options: {
  /** 1 is fastest, 9 is smallest. */
  readonly level: number
}) => <E, R>(bytes: Stream.Stream<Uint8Array, E, R>) => Stream.Stream<Uint8Array, E, R>

/** The default is the web's `CompressionStream`, which runs everywhere and always compresses at level 6. */
export const Gzip: Context.Reference<Compress> = Context.Reference<Compress>("carto/Gzip", {
  defaultValue: () => () => portable
})

const portable = <E, R>(bytes: Stream.Stream<Uint8Array, E, R>): Stream.Stream<Uint8Array, E, R> =>
  Stream.unwrap(
    Effect.sync(() => {
      const compressor = new CompressionStream("gzip")
      const writer = compressor.writable.getWriter()
      const feed = Stream.runForEach(bytes, (chunk) => Effect.promise(() => writer.write(ownBuffer(chunk)))).pipe(
        Effect.andThen(Effect.promise(() => writer.close()))
      )
      const compressed = Stream.fromReadableStream<Uint8Array, unknown>({
        evaluate: () => compressor.readable,
        onError: (error) => error
      })
      // When the source fails the merge ends, which cancels the compressor: nothing looks like a complete file.
      return Stream.merge(Stream.orDie(compressed), Stream.fromEffectDrain(feed))
    })
  )

// CompressionStream refuses views of shared memory.
const ownBuffer = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => (isUnshared(bytes) ? bytes : new Uint8Array(bytes))

const isUnshared = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> => bytes.buffer instanceof ArrayBuffer
