/** The exports of maps, and the files that they made. */
import { randomUUID } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import type { Database } from "../../Database.ts"
import { writeArchive, writeDatasets } from "./cartoFile.ts"
import type { Export, State } from "./Export.ts"

/** What only the owner of an emulator may do with its exports. */
export interface ExportKnobs {
  /**
   * How often each state must have been asked for before an export goes on; 0 for the ones not told.
   *
   * `Infinity` holds it until the knob is set anew.
   */
  readonly setPolls: (polls: Partial<Readonly<Record<State, number>>>) => Effect.Effect<void>
  /** Lets the next exports fail when their files are made; one unless told. */
  readonly failNext: (times?: number) => Effect.Effect<void>
}

/** What a new export is made of. */
export type NewExport = Pick<Export, "map" | "datasets" | "userId"> & {
  /** The address of an export's file. */
  readonly url: (id: string) => string
}

/** Exports are kept in memory and their files in a folder: they do not outlive the emulator. */
export class Exports extends Context.Service<
  Exports,
  {
    /** Begins to work in the background. */
    readonly create: (asked: NewExport) => Effect.Effect<Export>
    /** Asking may be what an export waits for. */
    readonly poll: (id: string) => Effect.Effect<Export | undefined>
    /** Without asking for its state. */
    readonly find: (id: string) => Effect.Effect<Export | undefined>
    readonly knobs: ExportKnobs
  }
>()("carto-emulator/Exports") {
  static readonly layer = Layer.effect(
    Exports,
    Effect.suspend(() => make())
  )
}

/** An export and how often its present state was asked for. */
interface Entry {
  readonly one: Export
  polls: number
  latch: Latch.Latch
}

const make = Effect.fnUntraced(function* () {
  const context = yield* Effect.context<Database | FileSystem.FileSystem>()
  const fileSystem = yield* FileSystem.FileSystem
  const scope = yield* Effect.scope
  const root = yield* Effect.orDie(fileSystem.makeTempDirectoryScoped({ prefix: "carto-emulator-export-" }))
  const entries = new Map<string, Entry>()
  let wanted: Partial<Readonly<Record<State, number>>> = {}
  let failures = 0

  const release = ({ latch, one, polls }: Entry) => {
    if (polls >= (wanted[one.state] ?? 0)) latch.openUnsafe()
  }

  const enter = (entry: Entry, state: State) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      entry.one.state = state
      entry.one.updatedAt = now
      entry.polls = 0
      entry.latch = Latch.makeUnsafe(false)
    })

  /** Waits until the state was seen as often as is wanted. */
  const hold = (entry: Entry) =>
    Effect.suspend(() => {
      release(entry)
      return entry.latch.await
    })

  const work = Effect.fnUntraced(function* (entry: Entry, isToFail: boolean) {
    const { one } = entry
    const folder = `${root}/${one.id}`
    yield* Effect.orDie(fileSystem.makeDirectory(folder))
    yield* hold(entry)
    yield* enter(entry, "exporting")
    if (isToFail) {
      yield* hold(entry)
      return yield* Effect.fail("an export was to fail")
    }
    yield* writeDatasets(one, folder)
    yield* hold(entry)
    yield* enter(entry, "uploading")
    yield* writeArchive(one, folder)
    yield* hold(entry)
    yield* enter(entry, "complete")
  })

  return Exports.of({
    create: Effect.fnUntraced(function* ({ url, ...asked }) {
      const id = randomUUID()
      const now = yield* Clock.currentTimeMillis
      const one: Export = {
        ...asked,
        id,
        url: url(id),
        path: `${root}/${id}.carto`,
        createdAt: now,
        updatedAt: now,
        state: "pending"
      }
      const entry: Entry = { one, polls: 0, latch: Latch.makeUnsafe(false) }
      entries.set(id, entry)
      const isToFail = failures > 0
      failures = Math.max(0, failures - 1)
      yield* work(entry, isToFail).pipe(
        // The answer has no place for a reason: only the log tells it.
        Effect.catchCause((cause) =>
          Effect.andThen(Effect.logDebug("an export failed", cause), enter(entry, "failure"))
        ),
        Effect.provideContext(context),
        Effect.forkIn(scope)
      )
      return one
    }),
    poll: (id) =>
      Effect.sync(() => {
        const entry = entries.get(id)
        if (entry === undefined) return undefined
        const seen = { ...entry.one }
        entry.polls += 1
        release(entry)
        return seen
      }),
    find: (id) => Effect.sync(() => entries.get(id)?.one),
    knobs: {
      setPolls: (polls) =>
        Effect.sync(() => {
          wanted = polls
          for (const entry of entries.values()) release(entry)
        }),
      failNext: (times = 1) =>
        Effect.sync(() => {
          failures += times
        })
    }
  })
})
