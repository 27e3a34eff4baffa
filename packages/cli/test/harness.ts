/** Runs the command inside the test: arguments in; what it printed, and its exit code, out. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Emulator } from "@effect-carto/emulator"
import { ConfigProvider, Console, Effect, FileSystem, Layer, Redacted, Sink, Stdio, Stream, Terminal } from "effect"
import { runWith } from "../src/carto.ts"
import { exitCode } from "../src/exitCode.ts"

export interface CallOptions {
  readonly env?: Readonly<Record<string, string>> | undefined
  /** Standard input; default empty. */
  readonly stdin?: string | Uint8Array | undefined
  /** The width of the terminal that standard input, output and error are; default none is one. */
  readonly terminal?: number | undefined
}

export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

/** One call of `carto`. Files and HTTP are real; the environment holds only what the test says. */
export const carto = (args: ReadonlyArray<string>, options: CallOptions = {}): Effect.Effect<Outcome> =>
  Effect.suspend(() => {
    const stdout: Array<Uint8Array> = []
    const stderr: Array<Uint8Array> = []
    const isTerminal = Effect.succeed(options.terminal !== undefined)
    const services = Layer.mergeAll(
      Stdio.layerTest({
        stdin: Stream.make(bytes(options.stdin ?? "")),
        stdout: () => sink(stdout),
        stderr: () => sink(stderr),
        stdinIsTerminal: options.stdin === undefined ? isTerminal : Effect.succeed(false),
        stdoutIsTerminal: isTerminal,
        stderrIsTerminal: isTerminal
      }),
      Layer.effect(
        Terminal.Terminal,
        Effect.map(Terminal.Terminal, (terminal) =>
          Terminal.make({ ...terminal, columns: Effect.succeed(options.terminal ?? 0) })
        )
      ).pipe(Layer.provide(NodeServices.layer)),
      Layer.succeed(Console.Console, {
        ...globalThis.console,
        log: (...parts) => stdout.push(bytes(`${parts.join(" ")}\n`)),
        error: (...parts) => stderr.push(bytes(`${parts.join(" ")}\n`))
      }),
      // No test writes into the keychain of who runs it.
      ConfigProvider.layer(ConfigProvider.fromEnv({ env: { CARTO_KEYCHAIN: "off", ...options.env } }))
    )
    return runWith(args).pipe(
      Effect.provide(Layer.provideMerge(services, NodeServices.layer)),
      Effect.exit,
      Effect.map((exit) => ({ stdout: text(stdout), stderr: text(stderr), code: exitCode(exit) }))
    )
  })

/** A call on the emulator's account, with its master key. */
export const onEmulator = (args: ReadonlyArray<string>, options: CallOptions = {}) =>
  Effect.flatMap(Emulator, (emulator) =>
    Effect.flatMap(home, (home) =>
      carto(args, {
        ...options,
        env: {
          HOME: home,
          CARTO_API_URL: emulator.url,
          CARTO_API_KEY: Redacted.value(emulator.masterKey),
          ...options.env
        }
      })
    )
  )

/** An empty home directory that is gone with the test. */
export const home = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped()).pipe(
  Effect.provide(NodeServices.layer),
  Effect.orDie
)

/** The emulator for all tests of a file. */
export const emulator = {
  layer: Emulator.layerTest,
  options: { timeout: "2 minutes", excludeTestServices: true }
} as const

const bytes = (data: string | Uint8Array): Uint8Array =>
  typeof data === "string" ? new TextEncoder().encode(data) : data

const text = (chunks: ReadonlyArray<Uint8Array>): string => Buffer.concat(chunks).toString()

const sink = (into: Array<Uint8Array>) => {
  const keep = (chunk: string | Uint8Array) =>
    Effect.sync(() => {
      into.push(bytes(chunk))
    })
  return Sink.forEach(keep)
}
