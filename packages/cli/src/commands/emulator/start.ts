/** `carto emulator start`: serves until it is interrupted. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"

export const start = () =>
  Command.make(
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
      ),
      organization: Flag.String("organization").pipe(
        Flag.filter(
          (name) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name),
          (name) => `small letters, digits and hyphens, not ${JSON.stringify(name)}`
        ),
        Flag.withMetavar("NAME"),
        Flag.withDescription("The account owns this organization, to which carto user create adds members"),
        Flag.optional
      )
    },
    lazily(() => import("./start.run.ts"))
  ).pipe(
    Command.withDescription("Start a CARTO account on this machine: SQL and COPY on PostgreSQL with PostGIS"),
    Command.withShortDescription("Start a CARTO account on this machine"),
    Command.withExamples([
      { command: "carto emulator start" },
      { command: "carto emulator start --port 8080 --data-dir ./carto-data", description: "With data that stays" },
      { command: "carto emulator start --organization acme", description: "With members, groups and sharing" }
    ])
  )
