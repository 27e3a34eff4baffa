/** Cuts bytes at chosen places, so that tests can show that chunk borders do not matter. */
import { Schema } from "effect"

/** Sizes to cut with, repeated until the bytes are used up. */
export const Sizes = Schema.NonEmptyArray(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40 })))

export const cut = (bytes: Uint8Array, sizes: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    // A list of zeros alone would never come to an end.
    const size = (sizes[i % sizes.length] ?? 0) + (i % sizes.length === sizes.length - 1 ? 1 : 0)
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}
