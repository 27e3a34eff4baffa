/** Fills a staged table by COPY, and tells what broke the data off. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Database } from "../Database.ts"
import { failure, type ImportFailure } from "./failures.ts"

// In the order of the alternatives of `special`.
const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b" }
// biome-ignore lint/suspicious/noControlCharactersInRegex: a backspace is what COPY escapes
const special = /[\\\n\r\t\x08]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const everySpecial = /[\\\n\r\t\x08]/g

/** A cell in PostgreSQL's COPY text; `undefined` is NULL. */
export const copyCell = (text: string | undefined): string => {
  if (text === undefined) return "\\N"
  return special.test(text) ? text.replace(everySpecial, (character) => escapes[character] ?? character) : text
}

const encoder = new TextEncoder()

/** Lines of COPY text as bytes; empty pieces are left out. */
export const encodeLines = <E, R>(lines: Stream.Stream<string, E, R>): Stream.Stream<Uint8Array, E, R> =>
  lines.pipe(
    Stream.filter((text) => text !== ""),
    Stream.map((text) => encoder.encode(text))
  )

/** Runs `create` and fills the table; answers how many rows it got. Fails with what the data failed with. */
export const copyInto = Effect.fnUntraced(function* (
  create: string,
  copy: string,
  data: Stream.Stream<Uint8Array, ImportFailure>
) {
  const database = yield* Database
  let broken: ImportFailure | undefined
  const input = Stream.tapError(data, (error) =>
    Effect.sync(() => {
      broken = error
    })
  )
  const tag = yield* Stream.runFold(
    database.run(`${create};\n${copy}`, { input }),
    () => "",
    (last, message) => (message._tag === "CommandComplete" ? message.tag : last)
  ).pipe(Effect.mapError(({ code }) => broken ?? failure(code === badCharacter ? 2006 : 2001)))
  return Number(/\d+$/.exec(tag)?.[0] ?? 0)
})

/** A character that no text of PostgreSQL can hold, such as NUL. */
const badCharacter = "22021"
