/** Data goes to standard output or a file; everything else goes to standard error. */
import type { CartoError } from "@effect-carto/core/CartoError"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { PlatformError } from "effect/PlatformError"
import * as Predicate from "effect/Predicate"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import type * as Terminal from "effect/Terminal"
import { ClosedPipe } from "./ClosedPipe.ts"
import { type CommandError, failure } from "./CommandError.ts"
import * as Quantity from "./format/Quantity.ts"
import * as Progress from "./Progress.ts"
import { printable } from "./printable.ts"
import { Settings } from "./Settings.ts"

/** A path, or `-` for standard output. */
export type Destination = string

export interface Written {
  readonly bytes: number
  readonly time: Duration.Duration
}

/**
 * Writes data as it comes, and shows how far it is where nothing is torn apart by it. A file appears under its name
 * only when all of it was written. `rows` tells the progress line how many rows have gone by.
 */
export const write = <E, R>(
  destination: Destination,
  data: Stream.Stream<Uint8Array, E, R>,
  rows?: () => number | undefined
): Effect.Effect<Written, E | CartoError | ClosedPipe | CommandError, R | Settings | Stdio.Stdio | Terminal.Terminal> =>
  Effect.scoped(
    Effect.gen(function* () {
      const stdio = yield* Stdio.Stdio
      const isShown = destination === "-" && (yield* stdio.stdoutIsTerminal)
      const report = yield* Progress.make({ isShown })
      const start = yield* Clock.currentTimeMillis
      let bytes = 0
      const counted = Stream.tap(data, (chunk) => {
        bytes += chunk.length
        return report({ bytes, rows: rows?.() })
      })
      yield* destination === "-"
        ? Stream.run(counted, Sink.mapError(stdio.stdout(), refused))
        : NodeFile.writeAtomic(destination, counted)
      return { bytes, time: Duration.millis((yield* Clock.currentTimeMillis) - start) }
    })
  )

/** `5.2 MB, 3.1 s`. */
export const summary = ({ bytes, time }: Written): string => `${Quantity.bytes(bytes)}, ${Quantity.duration(time)}`

/** Lines of text on standard output. */
export const lines = (texts: ReadonlyArray<string>) =>
  write("-", Stream.encodeText(Stream.fromIterable(texts.map((text) => `${text}\n`))))

/** One line for people on standard error, unless `--quiet`. Its wording is stable; scripts may look for it. */
export const note = (text: string): Effect.Effect<void, never, Settings> =>
  Effect.flatMap(Settings, ({ quiet }) => (quiet ? Effect.void : Console.error(printable(text))))

const refused = (error: PlatformError): ClosedPipe | CommandError =>
  isClosedPipe(error)
    ? new ClosedPipe()
    : failure(`Cannot write to standard output: ${error.reason.description ?? error.message}`)

const isClosedPipe = ({ reason }: PlatformError): boolean =>
  Predicate.hasProperty(reason.cause, "code") && reason.cause.code === "EPIPE"
