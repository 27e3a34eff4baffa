/** An answer format of the SQL API. */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Pull from "effect/Pull"
import * as Stream from "effect/Stream"
import { type ApiError, fromDatabase } from "../ApiError.ts"
import type { DatabaseError, Message } from "../Database.ts"
import type { TypeCatalog } from "./TypeCatalog.ts"

/** What a request asks of its format. */
export interface FormatOptions {
  readonly catalog: TypeCatalog
  /** Columns to leave out. */
  readonly skip: ReadonlySet<string>
  /** Decimals of coordinates. */
  readonly dp: number
  /** Name of a file or layer, without extension. */
  readonly filename: string
  /** Milliseconds since the query began. */
  readonly elapsed: () => number
}

/** How a result is written, from the statement to the bytes. */
export interface Format {
  readonly extension: string
  readonly contentType: string
  /** Whether JSONP wraps the answer; the exports take no notice of it. */
  readonly jsonp: boolean
  /** Whether the answer is sent in one piece with its length. */
  readonly whole: boolean
  /** The statement to run in place of the client's. */
  readonly statement: (sql: string, options: FormatOptions) => string
  /** Fails only before its first byte: later failures end the bytes in the format's own way. */
  readonly encode: (
    messages: Stream.Stream<Message, DatabaseError>,
    options: FormatOptions
  ) => Stream.Stream<Uint8Array, ApiError, FileSystem.FileSystem>
}

/** Writes text as messages come. */
export interface TextWriter {
  /** The text of a message; nothing before the first row, which may still be refused. */
  readonly write: (message: Message) => string
  /** The end of the text; with the error that cut the rows short, where the format can tell it. */
  readonly end: (error?: ApiError) => string
}

const encoder = new TextEncoder()

const written = (messages: Stream.Stream<Message, DatabaseError>, writer: TextWriter) =>
  messages.pipe(
    Stream.mapArray((batch) => {
      let text = ""
      for (const message of batch) text += writer.write(message)
      return [encoder.encode(text)]
    }),
    Stream.concat(Stream.sync(() => encoder.encode(writer.end()))),
    Stream.filter((bytes) => bytes.length > 0),
    Stream.mapError(fromDatabase)
  )

/** Runs messages through a writer, one piece of bytes per batch of messages. Any failure of the rows is a failure. */
export const encodeText = (messages: Stream.Stream<Message, DatabaseError>, makeWriter: () => TextWriter) =>
  Stream.suspend(() => written(messages, makeWriter()))

/** The same for formats that can tell an error in their end: only before the first row it is a failure. */
export const encodeTextWithError = (messages: Stream.Stream<Message, DatabaseError>, makeWriter: () => TextWriter) =>
  Stream.suspend(() => {
    const writer = makeWriter()
    let hasRows = false
    const observed: TextWriter = {
      ...writer,
      write: (message) => {
        hasRows ||= message._tag === "DataRow"
        return writer.write(message)
      }
    }
    return Stream.catchTag(written(messages, observed), "ApiError", (error) =>
      hasRows ? Stream.sync(() => encoder.encode(writer.end(error))) : Stream.fail(error)
    )
  })

/** Runs a stream until its first element, so that an early failure can still become a status; `undefined` is empty. */
export const started = Effect.fnUntraced(function* <A, E, R>(stream: Stream.Stream<A, E, R>) {
  const pull = yield* Stream.toPull(stream)
  const first = yield* pull.pipe(Pull.catchDone(() => Effect.undefined))
  return first && Stream.concat(Stream.fromArray(first), Stream.fromPull(Effect.succeed(pull)))
})
