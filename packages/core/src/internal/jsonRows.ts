/**
 * Reads the SQL API's JSON answer, `{"rows":[…],"time":…,"fields":{…},…}`, in constant memory: rows as they arrive, the
 * members behind them as the channel's done value.
 */
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as Bytes from "effect/Bytes"
import type * as Channel from "effect/Channel"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type Feed, feedChannel } from "./feedChannel.ts"
import { Metadata } from "./sqlMetadata.ts"

/** A row as it is on the wire, before its values are decoded by type. */
export type RawRow = Record<string, unknown>

/** The body is not an answer of the SQL API, or breaks off. */
export class JsonRowsError extends Schema.TaggedError<JsonRowsError>("carto/JsonRowsError")("JsonRowsError", {
  kind: Schema.Literals(["Truncated", "Malformed"]),
  reason: Schema.String
}) {
  override get message(): string {
    return `The SQL API's answer is ${this.kind.toLowerCase()}: ${this.reason}`
  }
}

/** The statement failed after rows were sent; status 200 had already gone out. `trailer` tells how many. */
export class JsonRowsFailure extends Schema.TaggedError<JsonRowsFailure>("carto/JsonRowsFailure")("JsonRowsFailure", {
  error: Schema.NonEmptyArray(Schema.String),
  trailer: Metadata
}) {
  override get message(): string {
    return this.error.join("; ")
  }
}

const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const COMMA = 0x2c
const QUOTE = 0x22
const BACKSLASH = 0x5c

const head = /^\s*\{\s*"rows"\s*:\s*\[/
/** Enough for the head in any spelling with white space. */
const HEAD_LIMIT = 256

const isRows = (value: unknown): value is ReadonlyArray<RawRow> => Array.isArray(value)

/** Without a border in so many bytes the body is written with white space, or its rows are very long. */
const GUESS_LIMIT = 1 << 20

/** The last comma with braces beside it, `},{`; -1 for nowhere. */
const lastBorder = (bytes: Uint8Array): number => {
  for (let i = bytes.lastIndexOf(OPEN_BRACE); i > 1; i = bytes.lastIndexOf(OPEN_BRACE, i - 1)) {
    if (bytes[i - 1] === COMMA && bytes[i - 2] === CLOSE_BRACE) return i - 1
  }
  return -1
}

const decodeTrailer = Schema.decodeUnknownResult(Metadata)

/**
 * Finds where rows end, and lets JSON.parse judge everything in between. At first `},{` is taken for a border between
 * rows, which costs half as much as looking at every byte for brackets and quotes. What JSON.parse accepts between
 * brackets of its own has none left open, nor a string, so that only a true border passes; after the first false one,
 * in a string or an array of objects, every byte is looked at.
 */
class Scanner implements Feed<Uint8Array, RawRow, Metadata> {
  readonly utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  state: "head" | "rows" | "trailer" = "head"
  /** Bytes not yet used: the head, a row in progress, or the trailer. */
  held: Array<Uint8Array> = []
  heldSize = 0
  isGuessing = true
  depth = 0
  inString = false
  escaped = false

  hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.held.push(bytes)
    this.heldSize += bytes.length
  }

  /** All that was held, with `bytes` behind it. */
  take(bytes: Uint8Array): Uint8Array {
    if (this.heldSize === 0) return bytes
    const all = Bytes.concat([...this.held, bytes])
    this.held = []
    this.heldSize = 0
    return all
  }

  fail(kind: JsonRowsError["kind"], reason: string): never {
    throw new JsonRowsError({ kind, reason })
  }

  text(bytes: Uint8Array): string {
    try {
      return this.utf8.decode(bytes)
    } catch {
      return this.fail("Malformed", "the bytes are not UTF-8")
    }
  }

  readonly push = (chunk: Uint8Array, out: Array<RawRow>): void => {
    if (this.state === "head") this.readHead(chunk, out)
    else if (this.state === "rows") this.readRows(chunk, out)
    else this.hold(chunk)
  }

  readHead(chunk: Uint8Array, out: Array<RawRow>): void {
    const bytes = this.take(chunk)
    // Latin-1 gives one character per byte, so that lengths agree.
    const found = head.exec(String.fromCharCode(...bytes.subarray(0, HEAD_LIMIT)))
    if (found !== null) {
      this.state = "rows"
      this.readRows(bytes.subarray(found[0].length), out)
    } else if (bytes.length >= HEAD_LIMIT) this.fail("Malformed", 'it does not start with {"rows":[')
    else this.hold(bytes)
  }

  readRows(chunk: Uint8Array, out: Array<RawRow>): void {
    if (this.isGuessing) this.guess(chunk, out)
    else this.scan(chunk, out)
  }

  /** Holds from a border between rows on, so that scanning can take over there. */
  guess(chunk: Uint8Array, out: Array<RawRow>): void {
    const border = lastBorder(chunk)
    if (border === -1) {
      this.hold(chunk)
      if (this.heldSize > GUESS_LIMIT) this.scanHeld(out)
      return
    }
    const rows = this.take(chunk.subarray(0, border))
    const isParsed = this.tryParse(rows, out)
    this.hold(isParsed ? chunk.subarray(border) : Bytes.concat([rows, chunk.subarray(border)]))
    if (!isParsed) this.scanHeld(out)
  }

  scanHeld(out: Array<RawRow>): void {
    this.isGuessing = false
    this.scan(this.take(new Uint8Array(0)), out)
  }

  scan(chunk: Uint8Array, out: Array<RawRow>): void {
    let { depth, escaped, inString } = this
    const { length } = chunk
    let lastEnd = 0
    let closed = -1
    let i = 0
    if (escaped && length > 0) {
      escaped = false
      i = 1
    }
    for (; i < length; i++) {
      const byte = chunk[i]
      if (inString) {
        if (byte === QUOTE) inString = false
        else if (byte === BACKSLASH && ++i === length) escaped = true
      } else if (byte === QUOTE) inString = true
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
      else if (byte === CLOSE_BRACE) {
        if (--depth === 0) lastEnd = i + 1
      } else if (byte === CLOSE_BRACKET && depth-- === 0) {
        closed = i
        break
      }
    }
    this.depth = depth
    this.escaped = escaped
    this.inString = inString
    if (closed !== -1) {
      this.parse(this.take(chunk.subarray(0, closed)), out)
      this.state = "trailer"
      this.hold(chunk.subarray(closed + 1))
    } else {
      if (lastEnd > 0) this.parse(this.take(chunk.subarray(0, lastEnd)), out)
      this.hold(chunk.subarray(lastEnd))
    }
  }

  /** Whole rows with commas between them, and perhaps one in front. */
  parse(bytes: Uint8Array, out: Array<RawRow>): void {
    if (!this.tryParse(bytes, out)) this.fail("Malformed", "a row is not valid JSON")
  }

  /** False, with nothing in `out`, for anything but whole rows. */
  tryParse(bytes: Uint8Array, out: Array<RawRow>): boolean {
    const text = this.text(bytes).replace(/^\s*,/, "")
    try {
      const rows: unknown = JSON.parse(`[${text}]`)
      if (isRows(rows)) for (const row of rows) out.push(row)
      return true
    } catch {
      return false
    }
  }

  trailer(): unknown {
    const text = this.text(this.take(new Uint8Array(0)))
    try {
      return JSON.parse(`{"rows":[]${text}`)
    } catch {
      return this.fail("Truncated", "it ends before its last member")
    }
  }

  readonly end = (out: Array<RawRow>): Metadata => {
    if (this.state === "rows" && this.isGuessing) this.scanHeld(out)
    if (this.state === "head") this.fail(this.heldSize === 0 ? "Truncated" : "Malformed", "it has no rows")
    if (this.state === "rows") this.fail("Truncated", "it ends inside the rows")
    const trailer = Result.getOrElse(decodeTrailer(this.trailer()), (issue) => this.fail("Malformed", String(issue)))
    if (trailer.error !== undefined) throw new JsonRowsFailure({ error: trailer.error, trailer })
    return trailer
  }
}

const isExpected = (error: unknown): error is JsonRowsError | JsonRowsFailure =>
  error instanceof JsonRowsError || error instanceof JsonRowsFailure

/** Bytes of an answer to rows, a batch per chunk; the done value is what followed the rows. */
export const jsonRows = <IE = never>(): Channel.Channel<
  NonEmptyReadonlyArray<RawRow>,
  IE | JsonRowsError | JsonRowsFailure,
  Metadata,
  NonEmptyReadonlyArray<Uint8Array>,
  IE
> => feedChannel(() => new Scanner(), isExpected)
