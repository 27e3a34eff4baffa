/** COPY between tables and files. */
import type { CartoError } from "@effect-carto/core/CartoError"
import { Gzip } from "@effect-carto/core/Gzip"
import { type CopyFromOptions, type CopyResult, type CopyToOptions, SqlCopy } from "@effect-carto/core/SqlCopy"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Option from "effect/Option"
import * as Pull from "effect/Pull"
import type * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import type * as Statement from "effect/sql/Statement"
import { invalid } from "./internal/invalid.ts"
import { isGzip } from "./internal/isGzip.ts"
import * as LentFile from "./internal/lentFile.ts"
import { refused } from "./internal/systemError.ts"
import * as NodeFile from "./NodeFile.ts"

/**
 * Loads a file into a table. A gzip file, whatever its name, is sent as it is; its `bytes` are then the compressed
 * ones. A file that is missing, unreadable or empty fails before anything is sent. A pipe can be sent only once.
 */
export const fromFile = Effect.fn("NodeCopy.fromFile")(function* (
  path: string,
  table: string,
  options?: CopyFromOptions
): Effect.fn.Return<CopyResult, CartoError, SqlCopy> {
  const facts = yield* NodeFile.inspect(path)
  const name = `"${path}"`
  if (facts.size === undefined) return yield* once("NodeCopy.fromFile", name, NodeFile.read(path), table, options)
  if (facts.size === 0) return yield* empty("NodeCopy.fromFile", name)
  return yield* send(table, LentFile.read(path), facts.isGzip, options)
})

/** Loads standard input, which may be gzip too. A terminal or empty input fails before anything is sent. */
export const fromStdin = Effect.fn("NodeCopy.fromStdin")(function* (
  table: string,
  options?: CopyFromOptions
): Effect.fn.Return<CopyResult, CartoError, SqlCopy | Stdio.Stdio> {
  const stdio = yield* Stdio.Stdio
  if (yield* stdio.stdinIsTerminal) {
    return yield* invalid("NodeCopy.fromStdin", "standard input is a terminal", "Redirect a file or pipe data into it.")
  }
  const bytes = Stream.mapError(stdio.stdin, refused("NodeCopy.fromStdin", "read", "standard input"))
  return yield* once("NodeCopy.fromStdin", "standard input", bytes, table, options)
})

export interface ToFileOptions extends CopyToOptions, NodeFile.WriteOptions {}

/**
 * Writes a table, or the rows of a query, to a file. It is complete or not there: an old file is replaced, or appended
 * to, only after the server said that all rows were sent; `NodeFile.writeAtomic` says how. CSV that is appended to a
 * file with something in it has no header unless asked for.
 */
export const toFile = Effect.fn("NodeCopy.toFile")(function* (
  source: string | Statement.Fragment,
  path: string,
  options: ToFileOptions = {}
): Effect.fn.Return<{ readonly bytes: number }, CartoError, SqlCopy> {
  const copy = yield* SqlCopy
  const old = options.append === true ? yield* Effect.option(NodeFile.inspect(path)) : Option.none()
  const continues = Option.isSome(old) && old.value.size !== 0
  if (continues && options.format === "binary") {
    return yield* invalid("NodeCopy.toFile", "binary COPY data cannot be appended to a file", "Write another file.")
  }
  const header = options.header ?? (continues ? false : undefined)
  return yield* NodeFile.writeAtomic(path, copy.to(source, { ...options, header }), options)
})

/** Looks at the first bytes before the request begins; they are gone from the source then, so it cannot run again. */
const once = Effect.fnUntraced(function* (
  operation: string,
  name: string,
  bytes: Stream.Stream<Uint8Array, CartoError>,
  table: string,
  options: CopyFromOptions | undefined
): Effect.fn.Return<CopyResult, CartoError, SqlCopy | Scope.Scope> {
  const pull = yield* Stream.toPull(bytes)
  const first = yield* Pull.catchDone(pull, () => empty(operation, name))
  const source = Stream.concat(Stream.fromArray(first), Stream.fromPull(Effect.succeed(pull)))
  return yield* send(table, source, isGzip(first[0]), { ...options, replayable: false })
}, Effect.scoped)

const send = (
  table: string,
  source: Stream.Stream<Uint8Array, CartoError>,
  isCompressed: boolean,
  options: CopyFromOptions | undefined
): Effect.Effect<CopyResult, CartoError, SqlCopy> =>
  Effect.flatMap(SqlCopy, (copy) =>
    isCompressed
      ? Effect.provideService(copy.from(table, source, { ...options, compression: "gzip" }), Gzip, () => identity)
      : copy.from(table, source, options)
  )

const empty = (operation: string, name: string): Effect.Effect<never, CartoError> =>
  Effect.fail(invalid(operation, `${name} is empty`, "Give at least one row; COPY refuses to load nothing."))
