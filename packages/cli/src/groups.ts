/** The first words behind `carto`, and what the list of commands says of them. What they do is loaded with them. */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import type { IsCalled } from "./branch.ts"

interface Texts {
  readonly about: string
  /** For the list of commands, where that is too long. */
  readonly short?: string
  readonly alias?: string
  /** For scripts, not for people. */
  readonly isUnlisted?: boolean
}

/** The command itself, and what stands for it in the list of commands when others are called: loading all takes time. */
const group = <const Name extends string, Input, Shared, E, R>(
  name: Name,
  { about, alias, isUnlisted, short }: Texts,
  load: () => Promise<(isCalled: IsCalled) => Command.Command<Name, Input, Shared, E, R>>
) => {
  const told = <Input, Shared, E, R>(command: Command.Command<Name, Input, Shared, E, R>) => {
    const described = command.pipe(Command.withDescription(about), Command.withShortDescription(short ?? about))
    const called = alias === undefined ? described : Command.withAlias(described, alias)
    return isUnlisted === true ? Command.unlisted(called) : called
  }
  return {
    names: alias === undefined ? [name] : [name, alias],
    command: (isCalled: IsCalled) => Effect.map(Effect.promise(load), (made) => told(made(isCalled))),
    stub: told(Command.make(name))
  }
}

export const groups = [
  group(
    "sql",
    { about: "Run SQL, at once or as batch jobs, and copy data in and out" },
    async () => (await import("./commands/sql.ts")).sql
  ),
  group(
    "dataset",
    {
      about: "Datasets: find, make, describe, share and delete them, load rows into them, export them",
      short: "Datasets and their rows"
    },
    async () => (await import("./commands/dataset.ts")).dataset
  ),
  group(
    "table",
    {
      about: "Tables of the database, whether the dashboard shows them as datasets or not",
      short: "Tables and their sizes"
    },
    async () => (await import("./commands/table.ts")).table
  ),
  group(
    "import",
    {
      about: "Make datasets of files, URLs, queries, tables and other databases; needs the master key",
      short: "Make datasets of files, URLs and databases"
    },
    async () => (await import("./commands/import.ts")).importGroup
  ),
  group(
    "synchronization",
    {
      about: "Datasets that the server refreshes from a URL or a database; needs the master key",
      short: "Datasets that the server refreshes",
      alias: "sync"
    },
    async () => (await import("./commands/synchronization.ts")).synchronization
  ),
  group(
    "visualization",
    { about: "Maps that were made in the editor or in Builder", alias: "viz" },
    async () => (await import("./commands/visualization.ts")).visualization
  ),
  group(
    "map",
    {
      about: "Look at maps, and get their tiles and pictures: of configurations in files, and named maps",
      short: "Look at maps, and get their tiles and pictures"
    },
    async () => (await import("./commands/map.ts")).map
  ),
  group(
    "named-map",
    {
      about: "Templates of maps that the account keeps; all but instantiate needs the master key",
      short: "Templates of maps that the account keeps"
    },
    async () => (await import("./commands/named-map.ts")).namedMap
  ),
  group(
    "kuviz",
    {
      about: "Custom visualizations: HTML pages of one's own that CARTO serves; needs the master key",
      short: "HTML pages that CARTO serves"
    },
    async () => (await import("./commands/kuviz.ts")).kuviz
  ),
  group(
    "data-observatory",
    {
      about:
        "Others' data to subscribe to, and columns of it for one's own; needs the master key, or a key with the API do",
      short: "Others' data, and columns of it for one's own",
      alias: "do"
    },
    async () => (await import("./commands/data-observatory.ts")).dataObservatory
  ),
  group(
    "user",
    { about: "The account and its quotas, and the members of an organization" },
    async () => (await import("./commands/user.ts")).user
  ),
  group(
    "api-key",
    { about: "API keys and what each may do; changes need the master key", short: "API keys and what each may do" },
    async () => (await import("./commands/api-key.ts")).apiKey
  ),
  group(
    "api",
    {
      about:
        "Send a request to any endpoint of the account: with its key, repeated where that is safe, within the rate limits",
      short: "Send a request to any endpoint"
    },
    async () => (await import("./commands/api.ts")).api
  ),
  group(
    "auth",
    { about: "Save accounts and their keys, and choose among them" },
    async () => (await import("./commands/auth.ts")).auth
  ),
  group(
    "doctor",
    {
      about:
        "Look at the address, the key and what it may do, the way to the server, clocks, limits and versions: a line for each, with what to do; fails when something is broken",
      short: "Look for what is wrong, and say what to do"
    },
    async () => (await import("./commands/doctor.ts")).doctor
  ),
  group(
    "emulator",
    { about: "Run a classic CARTO on this machine, for tests and for trying things out" },
    async () => (await import("./commands/emulator.ts")).emulator
  ),
  group(
    "completion",
    {
      about: "Print a script that completes commands, flags, and the names of datasets, maps and jobs",
      short: "Print a completion script for the shell"
    },
    async () => (await import("./commands/completion.ts")).completion
  ),
  group(
    "complete-names",
    { about: "Print the names that completion offers, from a cache of a minute", isUnlisted: true },
    async () => (await import("./commands/completion.ts")).completeNames
  )
]
