/** The first words behind `carto`, and what the list of commands says of them. What they do is loaded with them. */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"

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
  load: () => Promise<Command.Command<Name, Input, Shared, E, R>>
) => {
  const told = <Input, Shared, E, R>(command: Command.Command<Name, Input, Shared, E, R>) => {
    const described = command.pipe(Command.withDescription(about), Command.withShortDescription(short ?? about))
    const called = alias === undefined ? described : Command.withAlias(described, alias)
    return isUnlisted === true ? Command.unlisted(called) : called
  }
  return {
    isNamedIn: (args: ReadonlyArray<string>) => args.some((word) => word === name || word === alias),
    command: Effect.map(Effect.promise(load), told),
    stub: told(Command.make(name))
  }
}

export const groups = [
  group("sql", { about: "Run SQL, at once or as batch jobs, and copy data in and out" }, () =>
    import("./commands/sql.ts").then(({ sql }) => sql)
  ),
  group(
    "dataset",
    {
      about: "Datasets: find, make, describe, share and delete them, load rows into them, export them",
      short: "Datasets and their rows"
    },
    () => import("./commands/dataset.ts").then(({ dataset }) => dataset)
  ),
  group(
    "table",
    {
      about: "Tables of the database, whether the dashboard shows them as datasets or not",
      short: "Tables and their sizes"
    },
    () => import("./commands/table.ts").then(({ table }) => table)
  ),
  group(
    "import",
    {
      about: "Make datasets of files, URLs, queries, tables and other databases; needs the master key",
      short: "Make datasets of files, URLs and databases"
    },
    () => import("./commands/import.ts").then(({ importGroup }) => importGroup)
  ),
  group(
    "synchronization",
    {
      about: "Datasets that the server refreshes from a URL or a database; needs the master key",
      short: "Datasets that the server refreshes",
      alias: "sync"
    },
    () => import("./commands/synchronization.ts").then(({ synchronization }) => synchronization)
  ),
  group("visualization", { about: "Maps that were made in the editor or in Builder", alias: "viz" }, () =>
    import("./commands/visualization.ts").then(({ visualization }) => visualization)
  ),
  group(
    "map",
    {
      about: "Look at maps, and get their tiles and pictures: of configurations in files, and named maps",
      short: "Look at maps, and get their tiles and pictures"
    },
    () => import("./commands/map.ts").then(({ map }) => map)
  ),
  group(
    "named-map",
    {
      about: "Templates of maps that the account keeps; all but instantiate needs the master key",
      short: "Templates of maps that the account keeps"
    },
    () => import("./commands/named-map.ts").then(({ namedMap }) => namedMap)
  ),
  group(
    "kuviz",
    {
      about: "Custom visualizations: HTML pages of one's own that CARTO serves; needs the master key",
      short: "HTML pages that CARTO serves"
    },
    () => import("./commands/kuviz.ts").then(({ kuviz }) => kuviz)
  ),
  group(
    "data-observatory",
    {
      about:
        "Others' data to subscribe to, and columns of it for one's own; needs the master key, or a key with the API do",
      short: "Others' data, and columns of it for one's own",
      alias: "do"
    },
    () => import("./commands/data-observatory.ts").then(({ dataObservatory }) => dataObservatory)
  ),
  group("user", { about: "The account and its quotas, and the members of an organization" }, () =>
    import("./commands/user.ts").then(({ user }) => user)
  ),
  group(
    "api-key",
    { about: "API keys and what each may do; changes need the master key", short: "API keys and what each may do" },
    () => import("./commands/api-key.ts").then(({ apiKey }) => apiKey)
  ),
  group(
    "api",
    {
      about:
        "Send a request to any endpoint of the account: with its key, repeated where that is safe, within the rate limits",
      short: "Send a request to any endpoint"
    },
    () => import("./commands/api.ts").then(({ api }) => api)
  ),
  group("auth", { about: "Save accounts and their keys, and choose among them" }, () =>
    import("./commands/auth.ts").then(({ auth }) => auth)
  ),
  group(
    "doctor",
    {
      about:
        "Look at the address, the key and what it may do, the way to the server, clocks, limits and versions: a line for each, with what to do; fails when something is broken",
      short: "Look for what is wrong, and say what to do"
    },
    () => import("./commands/doctor.ts").then(({ doctor }) => doctor)
  ),
  group("emulator", { about: "Run a classic CARTO on this machine, for tests and for trying things out" }, () =>
    import("./commands/emulator.ts").then(({ emulator }) => emulator)
  ),
  group(
    "completion",
    {
      about: "Print a script that completes commands, flags, and the names of datasets, maps and jobs",
      short: "Print a completion script for the shell"
    },
    () => import("./commands/completion.ts").then(({ completion }) => completion)
  ),
  group(
    "complete-names",
    { about: "Print the names that completion offers, from a cache of a minute", isUnlisted: true },
    () => import("./commands/completion.ts").then(({ completeNames }) => completeNames)
  )
]
