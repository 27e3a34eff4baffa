/** One file in a form, framed by hand: nothing of it is kept, and its length is known when the file's is. */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Stream from "effect/Stream"

export interface Multipart<E, R> {
  readonly bytes: Stream.Stream<Uint8Array, E, R>
  readonly contentType: string
  readonly contentLength: number | undefined
}

interface Content<E, R> {
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>
  /** The part `file`, which stands last. */
  readonly name: string
  readonly bytes: Stream.Stream<Uint8Array, E, R>
  readonly size: number | undefined
}

const encoder = new TextEncoder()

/** As browsers write names: these three would end the header. */
const quoted = (name: string): string => `"${name.replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/"/g, "%22")}"`

export const multipart = Effect.fnUntraced(function* <E, R>({
  bytes,
  fields,
  name,
  size
}: Content<E, R>): Effect.fn.Return<Multipart<E, R>> {
  // A file that holds the boundary would end early; nobody can know it beforehand.
  const random = yield* Effect.all(Arr.makeBy(8, () => Random.nextIntBetween(0, 2 ** 16)))
  const boundary = `effect-carto-${random.map((part) => part.toString(16).padStart(4, "0")).join("")}`
  const before = encoder.encode(
    [
      ...fields.map(
        ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}\r\n\r\n${value}\r\n`
      ),
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename=${quoted(name)}\r\n`,
      "Content-Type: application/octet-stream\r\n\r\n"
    ].join("")
  )
  const after = encoder.encode(`\r\n--${boundary}--\r\n`)
  return {
    bytes: Stream.make(before).pipe(Stream.concat(bytes), Stream.concat(Stream.make(after))),
    contentType: `multipart/form-data; boundary=${boundary}`,
    contentLength: size === undefined ? undefined : before.length + size + after.length
  }
})

/** Fails where a source is longer or shorter than it said: the request has told its length by then. */
export const ofSize = <E, R, E2>(
  bytes: Stream.Stream<Uint8Array, E, R>,
  size: number,
  onOther: (found: number) => E2
): Stream.Stream<Uint8Array, E | E2, R> =>
  Stream.suspend(() => {
    let found = 0
    return bytes.pipe(
      Stream.mapArrayEffect((chunks) => {
        for (const chunk of chunks) found += chunk.length
        return found > size ? Effect.fail(onOther(found)) : Effect.succeed(chunks)
      }),
      Stream.concat(Stream.suspend(() => (found < size ? Stream.fail(onOther(found)) : Stream.empty)))
    )
  })
