/** `carto emulator start`: serves until it is interrupted. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"

export const start = Command.make(
  "start",
  {
    port: Flag.Int("port").pipe(
      Flag.filter(
        (port) => port >= 0 && port <= 65_535,
        (port) => `a port from 0 to 65535, not ${port}`
      ),
      Flag.withDescription("Default: a free one"),
      Flag.withDefault(0)
    ),
    dataDir: Flag.String("data-dir").pipe(
      Flag.withMetavar("FOLDER"),
      Flag.withDescription("Keep the data here between runs; default: it is thrown away at the end"),
      Flag.optional
    ),
    databaseUrl: Flag.String("database-url").pipe(
      Flag.withMetavar("URL"),
      Flag.withDescription("Stand on this PostgreSQL with PostGIS, postgres://…, as a superuser; default: PGlite"),
      Flag.optional
    )
  },
  lazily(() => import("./start.run.ts"))
).pipe(
  Command.withDescription("Start a CARTO account on this machine: SQL and COPY on PostgreSQL with PostGIS"),
  Command.withShortDescription("Start a CARTO account on this machine"),
  Command.withExamples([
    { command: "carto emulator start" },
    { command: "carto emulator start --port 8080 --data-dir ./carto-data", description: "With data that stays" }
  ])
)
