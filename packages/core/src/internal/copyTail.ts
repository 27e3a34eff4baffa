/**
 * Finds the error object that the server appends to COPY data when a query fails after rows were sent.
 *
 * The object is the output of `JSON.stringify`, so it has no byte below 0x20, and no byte 0xff as it is UTF-8. Good data
 * always ends with such a byte: text and CSV with a newline, binary with the trailer ff ff. Therefore only the run of
 * other bytes at the very end of the stream can be an error, and no good data can be taken for one.
 */
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as Bytes from "effect/Bytes"
import type * as Channel from "effect/Channel"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type Feed, feedChannel } from "./feedChannel.ts"

/** The server's error body; the members it may have, and no others. */
export const CopyErrorBody = Schema.Struct({
  error: Schema.NonEmptyArray(Schema.String),
  context: Schema.optionalKey(Schema.String),
  detail: Schema.optionalKey(Schema.String),
  hint: Schema.optionalKey(Schema.String)
})
export type CopyErrorBody = typeof CopyErrorBody.Type

/** The query failed after rows were sent: the rows before are good, the rest is missing. */
export class CopyTailError extends Schema.TaggedError<CopyTailError>("carto/CopyTailError")("CopyTailError", {
  body: CopyErrorBody
}) {
  override get message(): string {
    return this.body.error.join("; ")
  }
}

/** What an error object starts with. */
const PREFIX = new TextEncoder().encode('{"error":[')

/** Longer than any error the server was seen to send; beyond it a run is data, and the format's own end tells the rest. */
const LIMIT = 1 << 20

const isBreak = (byte: number | undefined): boolean => byte === undefined || byte < 0x20 || byte === 0xff

/** Where the last run of unbroken bytes begins. */
const runStart = (bytes: Uint8Array): number => {
  let i = bytes.length
  while (i > 0 && !isBreak(bytes[i - 1])) i--
  return i
}

/** Where the prefix, or as much of it as the bytes have left, stands first at or behind `from`; -1 for nowhere. */
const prefixAt = (bytes: Uint8Array, from: number): number => {
  for (let i = bytes.indexOf(0x7b, from); i !== -1; i = bytes.indexOf(0x7b, i + 1)) {
    const length = Math.min(PREFIX.length, bytes.length - i)
    let same = 1
    while (same < length && bytes[i + same] === PREFIX[same]) same++
    if (same === length) return i
  }
  return -1
}

const decodeBody = Schema.decodeUnknownOption(Schema.fromJsonString(CopyErrorBody), {
  onExcessProperty: "error"
})

/** The error at the end of the last run: a row of binary data in front of it may hold a prefix of its own. */
const errorIn = (tail: Uint8Array): Option.Option<{ readonly at: number; readonly body: CopyErrorBody }> => {
  const utf8 = new TextDecoder()
  for (let at = prefixAt(tail, 0); at !== -1; at = prefixAt(tail, at + 1)) {
    const body = decodeBody(utf8.decode(tail.subarray(at)))
    if (Option.isSome(body)) return Option.some({ at, body: body.value })
  }
  return Option.none()
}

const isCopyTailError = (error: unknown): error is CopyTailError => error instanceof CopyTailError

const scanner = (): Feed<Uint8Array, Uint8Array> => {
  let held: Uint8Array = new Uint8Array(0)
  return {
    push: (chunk, out) => {
      const run = runStart(chunk)
      const joined = run === 0 && held.length > 0
      if (!joined && held.length > 0) out.push(held)
      const bytes = joined ? Bytes.concat([held, chunk]) : chunk
      const from = joined ? 0 : run
      const at = bytes.length - from > LIMIT ? -1 : prefixAt(bytes, from)
      const keep = at === -1 ? bytes.length : at
      if (keep > 0) out.push(bytes.subarray(0, keep))
      held = bytes.subarray(keep)
    },
    end: (out) => {
      const found = errorIn(held)
      const rest = Option.isSome(found) ? held.subarray(0, found.value.at) : held
      if (rest.length > 0) out.push(rest)
      if (Option.isSome(found)) throw new CopyTailError({ body: found.value.body })
    }
  }
}

/**
 * Passes chunks on as they are, except for a tail that may still become an error object. An appended error is taken out
 * of the data and fails the channel as `CopyTailError`.
 */
export const copyTail = <IE = never>(): Channel.Channel<
  NonEmptyReadonlyArray<Uint8Array>,
  IE | CopyTailError,
  void,
  NonEmptyReadonlyArray<Uint8Array>,
  IE
> => feedChannel(scanner, isCopyTailError)
