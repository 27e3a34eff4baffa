/** The batch jobs that were created on this machine: the server has no list of them. */
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as UserDirectories from "effect/persistence/UserDirectories"
import * as Schema from "effect/Schema"
import { type CommandError, failure } from "./CommandError.ts"
import { printableLine } from "./printable.ts"

/** A line of the file: what a command has come to know of a job. The first one of a job has its account and query. */
const Entry = Schema.Struct({
  id: Schema.String,
  status: Schema.String,
  /** Milliseconds since 1970. */
  at: Schema.Finite,
  account: Schema.optionalKey(Schema.String),
  query: Schema.optionalKey(Schema.String)
})
type Entry = typeof Entry.Type

const EntryJson = Schema.fromJsonString(Entry)

export interface Remembered {
  readonly id: string
  readonly account: string
  readonly query: string
  readonly createdAt: number
  /** As it was seen last from this machine. */
  readonly status: string
}

/** How much of a query is kept. */
const beginning = 80

/** A file in the user's state directory, to which lines are only added, so that calls at the same time lose nothing. */
export class JobJournal extends Context.Service<
  JobJournal,
  {
    readonly file: string
    readonly created: (job: {
      readonly id: string
      readonly account: string
      readonly query: string
      readonly status: string
    }) => Effect.Effect<void>
    /** Remembers a new status. A journal that cannot be written is a warning: the job itself matters more. */
    readonly seen: (id: string, status: string) => Effect.Effect<void>
    /** Jobs created on this machine, the newest first. */
    readonly list: Effect.Effect<ReadonlyArray<Remembered>, CommandError>
  }
>()("carto-cli/JobJournal") {
  static readonly layer = Layer.effect(
    JobJournal,
    Effect.suspend(() => make)
  ).pipe(Layer.provide(UserDirectories.layer))
}

const make = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const directories = yield* UserDirectories.UserDirectories
  const directory = yield* Effect.mapError(directories.state("carto"), (error) =>
    failure(`There is no place for the journal of jobs: ${error.message}`, "Set HOME or XDG_STATE_HOME.")
  )
  const file = path.join(directory, "jobs.ndjson")

  const add = (entry: Omit<Entry, "at">) =>
    Effect.gen(function* () {
      const line = yield* Schema.encodeEffect(EntryJson)({ ...entry, at: yield* Clock.currentTimeMillis })
      yield* NodeFile.makeFolder(directory, { mode: 0o700 })
      yield* fs.writeFileString(file, `${line}\n`, { flag: "a", mode: 0o600 })
    }).pipe(Effect.catch((error) => Effect.logWarning(`The journal of jobs was not written: ${error.message}`)))

  const list = fs.readFileString(file).pipe(
    Effect.catch((error) =>
      error.reason._tag === "NotFound"
        ? Effect.succeed("")
        : Effect.fail(failure(`Cannot read ${file}: ${error.message}`))
    ),
    Effect.flatMap((text) =>
      Effect.forEach(
        text.split("\n").filter((line) => line !== ""),
        // The end of a line may be missing when the machine went down.
        (line) => Effect.option(Schema.decodeEffect(EntryJson)(line))
      )
    ),
    Effect.map((entries) => remembered(entries.flatMap((entry) => (entry._tag === "Some" ? [entry.value] : []))))
  )

  return JobJournal.of({
    file,
    list,
    seen: (id, status) => add({ id, status }),
    created: ({ query, ...job }) => add({ ...job, query: printableLine(query).trim().slice(0, beginning) })
  })
})

const remembered = (entries: ReadonlyArray<Entry>): ReadonlyArray<Remembered> => {
  const jobs = new Map<string, Remembered>()
  for (const { account, at, id, query, status } of entries) {
    const known = jobs.get(id)
    if (known !== undefined) jobs.set(id, { ...known, status })
    else if (account !== undefined) jobs.set(id, { id, account, query: query ?? "", createdAt: at, status })
  }
  return [...jobs.values()].toReversed()
}
