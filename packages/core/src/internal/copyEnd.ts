/**
 * Sees whether COPY data ends as its format does: text and CSV with a newline, binary with the trailer ff ff. An answer
 * that ended well for HTTP may still have been cut by a proxy, or by a server that went down.
 */
import * as Stream from "effect/Stream"
import { CartoError, ProtocolError } from "../CartoError.ts"

export interface CopyEnd {
  /** The last byte of the data; `unknown` takes any of the two. */
  readonly of: "lines" | "binary" | "unknown"
  /** Without a header nothing at all is a table without rows. */
  readonly mayBeEmpty: boolean
}

const newline = 0x0a
const trailer = 0xff

/** Passes the data on as it is, and fails behind it when its end is missing. */
export const copyEnd =
  (operation: string, end: CopyEnd) =>
  (bytes: Stream.Stream<Uint8Array, CartoError>): Stream.Stream<Uint8Array, CartoError> =>
    Stream.suspend(() => {
      let last: number | undefined
      const seen = Stream.mapArray(bytes, (chunks) => {
        for (const chunk of chunks) last = chunk.at(-1) ?? last
        return chunks
      })
      return Stream.concat(
        seen,
        Stream.suspend(() => (isWhole(last, end) ? Stream.empty : Stream.fail(broken(operation, last))))
      )
    })

const isWhole = (last: number | undefined, { mayBeEmpty, of }: CopyEnd): boolean =>
  last === undefined ? mayBeEmpty : (of !== "binary" && last === newline) || (of !== "lines" && last === trailer)

const broken = (operation: string, last: number | undefined) =>
  new CartoError({
    operation,
    reason: new ProtocolError({
      status: 200,
      message:
        last === undefined ? "the data is empty: not even its header came" : "the data breaks off: its end is missing",
      body: ""
    })
  })
