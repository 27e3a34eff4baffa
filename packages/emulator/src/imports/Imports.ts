/** The imports of the account: a few slots, and one that works at a time. */
import { randomUUID } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import { Auth, ownHome } from "../Auth.ts"
import { Database } from "../Database.ts"
import { type Refusal, refuse } from "../Refusal.ts"
import { Account } from "../users/Account.ts"
import type { Asked } from "./Asked.ts"
import * as Import from "./Import.ts"
import * as Knobs from "./Knobs.ts"
import { makeRun } from "./run.ts"
import { stagedPrefix, stagingSchema } from "./Staged.ts"
import * as Workspace from "./Workspace.ts"

export interface ImportsOptions {
  /** Imports that may be under way at once; 3 unless told. */
  readonly importSlots?: number | undefined
  /** The largest file, in bytes; without limit unless told, while CARTO's own accounts have 150 MB. */
  readonly maxImportSize?: number | undefined
  /** The most rows of a dataset; without limit unless told, while CARTO's own accounts have 500,000. */
  readonly maxImportRows?: number | undefined
}

/** Imports are kept in memory: they do not outlive the emulator. */
export class Imports extends Context.Service<
  Imports,
  {
    /** A folder for an import that is about to be asked for; `create` takes it over, also when it refuses. */
    readonly workspace: Effect.Effect<Workspace.Workspace>
    /** Fails when all slots are taken. Imports of synchronizations take none, and only their first ones have an id to ask for. */
    readonly create: (
      asked: Asked,
      workspace: Workspace.Workspace,
      synced?: Import.Synced
    ) => Effect.Effect<Started, Refusal>
    /** How an import is, as its JSON; asking may be what it waits for. */
    readonly poll: (id: string) => Effect.Effect<string | undefined>
    /** The ids of those that are under way. */
    readonly unfinished: Effect.Effect<ReadonlyArray<string>>
    /** How many there were, and how they ended. */
    readonly counts: Effect.Effect<{ readonly all: number; readonly complete: number; readonly failed: number }>
    /** At once, in bytes and in rows; without limit unless told. */
    readonly limits: Effect.Effect<{
      readonly slots: number
      readonly size: number | undefined
      readonly rows: number | undefined
    }>
    readonly knobs: Knobs.ImportKnobs
  }
>()("carto-emulator/Imports") {
  static readonly layer = (options: ImportsOptions) => Layer.effect(Imports, make(options))
}

/** An import that was accepted, and when it is over. */
export interface Started {
  readonly one: Import.Import
  readonly done: Effect.Effect<void>
}

interface Waiting {
  readonly one: Import.Import
  readonly workspace: Workspace.Workspace
  readonly done: Deferred.Deferred<void>
}

const day = 24 * 3_600_000

/** What an emulator that was killed in the middle of an import left in its data directory. */
const dropStaged = Effect.gen(function* () {
  const database = yield* Database
  const left = yield* database.rows(
    `select format('drop table %I.%I', schemaname, tablename) as statement from pg_catalog.pg_tables
     where schemaname = '${stagingSchema}' and tablename like '${stagedPrefix.replace("_", "\\_")}%'`
  )
  yield* Effect.forEach(left, ({ statement }) => database.rows(statement ?? ""), { discard: true })
})

const make = Effect.fnUntraced(function* (options: ImportsOptions) {
  const fileSystem = yield* FileSystem.FileSystem
  const scope = yield* Effect.scope
  const { me } = yield* Account
  const knobs = Knobs.make(options.importSlots ?? 3)
  const run = yield* makeRun(options, knobs)
  const imports = new Map<string, Import.Import>()
  const line = yield* Queue.unbounded<Waiting>()
  // A member's imports begin while those of others go on.
  if ((yield* Auth).schema === ownHome.schema) yield* dropStaged

  const taken = () => [...imports.values()].filter((one) => one.synced === undefined && !Import.isFinal(one)).length

  yield* Queue.take(line).pipe(
    Effect.flatMap(({ done, one, workspace }) =>
      run(one, workspace).pipe(Effect.andThen(Deferred.succeed(done, undefined)), Effect.ensuring(workspace.close))
    ),
    Effect.forever,
    Effect.forkScoped
  )

  return Imports.of({
    workspace: Workspace.open(scope).pipe(Effect.provideService(FileSystem.FileSystem, fileSystem)),
    create: Effect.fnUntraced(function* (asked, workspace, synced) {
      const slots = knobs.slots()
      if (synced === undefined && taken() >= slots) {
        yield* workspace.close
        return yield* refuse(429, {
          imports: `We're sorry but you're already using your allowed ${slots} import slots`
        })
      }
      const one: Import.Import = {
        id: randomUUID(),
        userId: me.id,
        asked,
        synced,
        createdAt: yield* Clock.currentTimeMillis,
        state: knobs.startsEnqueued() ? "enqueued" : "pending",
        failure: undefined,
        made: [],
        visualizationId: null,
        warnings: {},
        source: undefined
      }
      const done = yield* Deferred.make<void>()
      if (synced?.refresh === undefined) imports.set(one.id, one)
      yield* Queue.offer(line, { one, workspace, done })
      return { one, done: Deferred.await(done) }
    }),
    poll: (id) =>
      Effect.sync(() => {
        const one = imports.get(id.toLowerCase())
        if (one === undefined) return undefined
        const text = Import.toJson(one)
        knobs.seen(one)
        return text
      }),
    unfinished: Effect.map(Clock.currentTimeMillis, (now) =>
      [...imports.values()]
        .filter(({ createdAt, state }) => state !== "complete" && state !== "failure" && now - createdAt < day)
        .map(({ id }) => id)
    ),
    counts: Effect.sync(() => {
      const all = [...imports.values()]
      const complete = all.filter(({ state }) => state === "complete").length
      return { all: all.length, complete, failed: all.filter(Import.isFinal).length - complete }
    }),
    limits: Effect.sync(() => ({
      slots: knobs.slots(),
      size: options.maxImportSize,
      rows: options.maxImportRows
    })),
    knobs
  })
})
