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
import { api } from "./commands/api.ts"
import { apiKey } from "./commands/api-key.ts"
import { auth } from "./commands/auth.ts"
import { completeNames, completion } from "./commands/completion.ts"
import { dataObservatory } from "./commands/data-observatory.ts"
import { dataset } from "./commands/dataset.ts"
import { doctor } from "./commands/doctor.ts"
import { emulator } from "./commands/emulator.ts"
import { importGroup } from "./commands/import.ts"
import { kuviz } from "./commands/kuviz.ts"
import { map } from "./commands/map.ts"
import { namedMap } from "./commands/named-map.ts"
import { sql } from "./commands/sql.ts"
import { synchronization } from "./commands/synchronization.ts"
import { table } from "./commands/table.ts"
import { user } from "./commands/user.ts"
import { visualization } from "./commands/visualization.ts"
import * as ExitCode from "./exitCode.ts"
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

/** The whole command tree. */
export const carto = Command.make("carto").pipe(
  Command.withSharedFlags(flags),
  // Help indents the first line only.
  Command.withDescription(about.join("\n  ")),
  Command.withSubcommands([
    sql,
    dataset,
    table,
    importGroup,
    synchronization,
    visualization,
    map,
    namedMap,
    kuviz,
    dataObservatory,
    user,
    apiKey,
    api,
    auth,
    doctor,
    emulator,
    completion,
    completeNames
  ]),
  Command.provide(services)
)

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
  Command.runWith(carto, { version })(args).pipe(Effect.tapCause(report), Effect.provide(behaviour))

/** On this process: its arguments, streams and files. */
export const main = Effect.suspend(() => runWith(process.argv.slice(2))).pipe(
  Effect.provide(Layer.mergeAll(NodePlatform.layer, Stdout.layer))
)
