/** The `carto` command: shared flags, subcommands, and what they run on. */

import type * as Cause from "effect/Cause"
import * as CliConfig from "effect/cli/CliConfig"
import * as Command from "effect/cli/Command"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import type { IsCalled } from "./branch.ts"
import * as ExitCode from "./exitCode.ts"
import { groups } from "./groups.ts"
import * as Log from "./Log.ts"
import * as NodePlatform from "./NodePlatform.ts"
import * as Presenter from "./Presenter.ts"
import { flags, Settings, type Values } from "./Settings.ts"
import * as Stdout from "./Stdout.ts"
import { version } from "./version.ts"

const about = [
  "The classic CARTO platform from the command line.",
  "Data goes to standard output, everything else to standard error.",
  "",
  "Exit codes:",
  ...ExitCode.description.map(([code, meaning]) => `  ${String(code).padEnd(5)}${meaning}`)
]

/** What handlers run on; `--help` and `--version` do without. */
const services = (values: Values) =>
  Layer.mergeAll(
    Layer.succeed(Settings, values),
    values.quiet ? Layer.succeed(References.MinimumLogLevel, "Error") : Layer.empty,
    Layer.unwrap(
      Effect.map(
        Effect.promise(() => import("./accounts.ts")),
        ({ layer }) => layer
      )
    )
  )

const report = (cause: Cause.Cause<unknown>) =>
  Effect.flatMap(
    Effect.promise(() => import("./report.ts")),
    ({ report }) => report(cause)
  )

type Subcommand = Effect.Success<ReturnType<(typeof groups)[number]["command"]>> | (typeof groups)[number]["stub"]

const over = (subcommands: ReadonlyArray<Subcommand>) =>
  Command.make("carto").pipe(
    Command.withSharedFlags(flags),
    // Help indents the first line only.
    Command.withDescription(about.join("\n  ")),
    Command.withSubcommands(subcommands),
    Command.provide(services)
  )

const assembled = (isCalled: IsCalled) =>
  Effect.forEach(
    groups,
    (group): Effect.Effect<Subcommand> =>
      group.names.some(isCalled) ? group.command(isCalled) : Effect.succeed(group.stub)
  ).pipe(Effect.map(over))

/** The whole command tree. */
export const carto = assembled(() => true)

/** The tree as far as these arguments go; what completes them for a shell sees all of it. */
const cartoFor = (args: ReadonlyArray<string>) =>
  args.includes("--completions") ? carto : assembled((name) => args.includes(name))

const builtIns = [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions, GlobalFlag.LogLevel]

/** How the command behaves, wherever it runs: messages on standard error, one line for a wrong call. */
export const behaviour = Layer.mergeAll(
  Layer.succeed(Logger.LogToStderr, true),
  Log.layer,
  Presenter.layer,
  CliConfig.layer({ builtIns }),
  TerminalCapabilities.layer
)

/** Runs the command with these arguments, and reports its failure. */
export const runWith = (args: ReadonlyArray<string>) =>
  cartoFor(args).pipe(
    Effect.flatMap((carto) => Command.runWith(carto, { version })(args)),
    Effect.tapCause(report),
    Effect.provide(behaviour)
  )

/** On this process: its arguments, streams and files. */
export const main = Effect.suspend(() => runWith(process.argv.slice(2))).pipe(
  Effect.provide(Layer.mergeAll(NodePlatform.layer, Stdout.layer))
)
