/** Standard output that has taken what it was given when a write ends, so that no failed write passes for a success. */
import { isatty } from "node:tty"
import * as NodeStdio from "@effect/platform-node/NodeStdio"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PlatformError from "effect/PlatformError"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"

const write = (chunk: string | Uint8Array): Effect.Effect<void, PlatformError.PlatformError> =>
  Effect.callback((resume) => {
    process.stdout.write(chunk, (cause) =>
      resume(
        cause === null || cause === undefined
          ? Effect.void
          : Effect.fail(
              PlatformError.systemError({
                module: "Stdio",
                method: "stdout",
                _tag: "Unknown",
                description: cause.message,
                cause
              })
            )
      )
    )
  })

/** Node also emits each error as an event, which would end the process before the write could tell of it. */
const listening = Effect.sync(() => process.stdout.on("error", () => {}))

/** Asked of the operating system: a look at `process.stdin` opens it, which most commands never need. */
const isTerminal = (descriptor: number) => Effect.sync(() => isatty(descriptor))

export const layer: Layer.Layer<Stdio.Stdio> = Layer.effect(
  Stdio.Stdio,
  Effect.gen(function* () {
    const stdio = yield* Stdio.Stdio
    const heard = yield* Effect.cached(listening)
    const writeHeard = (chunk: string | Uint8Array) => Effect.andThen(heard, write(chunk))
    return Stdio.make({
      ...stdio,
      stdinIsTerminal: isTerminal(0),
      stdoutIsTerminal: isTerminal(1),
      stderrIsTerminal: isTerminal(2),
      stdout: () => Sink.forEach(writeHeard)
    })
  })
).pipe(Layer.provide(NodeStdio.layer))
