/** How an import goes from state to state (platform reference, §6.3). */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { Catalog } from "../catalog/Catalog.ts"
import { Database } from "../Database.ts"
import { quoteIdentifier } from "../SqlText.ts"
import type { ImportFile } from "./File.ts"
import { failure, ImportFailure } from "./failures.ts"
import type { Import, State } from "./Import.ts"
import type { ImportsOptions } from "./Imports.ts"
import type { Knobs, PlannedFailure } from "./Knobs.ts"
import { loadersOf } from "./loaders.ts"
import { place, publish } from "./publish.ts"
import { importQuery } from "./queries.ts"
import { relationOf } from "./Staged.ts"
import { tableFiles } from "./tableFiles.ts"
import { unpack } from "./unpack.ts"
import type { Workspace } from "./Workspace.ts"

/** The most tables that one archive makes. */
const maxTables = 26

/** The most layers of the map that `create_vis` makes. */
const maxLayers = 8

/** The part of a file's size that must be left of the account's quota. */
const quotaShare = 0.3

type Planned = PlannedFailure & { readonly code: number }
type Enter = (state: State) => Effect.Effect<void, ImportFailure>

const enterer =
  (one: Import, knobs: Knobs, planned: Planned | undefined): Enter =>
  (state) =>
    Effect.gen(function* () {
      one.state = state
      yield* knobs.hold(one)
      if (planned !== undefined && (planned.state ?? "importing") === state) return yield* failure(planned.code)
    })

const checkSize = Effect.fnUntraced(function* (path: string, maxSize: number | undefined) {
  const fileSystem = yield* FileSystem.FileSystem
  const database = yield* Database
  const size = Number((yield* Effect.orDie(fileSystem.stat(path))).size)
  if (maxSize !== undefined && size > maxSize) return yield* failure(6666)
  const [row] = yield* Effect.orDie(
    database.rows("select cartodb._cdb_userquotainbytes() - cartodb.cdb_userdatasize() as left")
  )
  if (size * quotaShare > Number(row?.left)) return yield* failure(8001)
})

/** Makes the datasets of some files, one after the other; how many were left alone because their names are taken. */
const importFiles = Effect.fnUntraced(function* (one: Import, files: ReadonlyArray<ImportFile>, maxRows?: number) {
  const database = yield* Database
  const { options } = one.asked
  const loaders = (yield* Effect.forEach(files, (file) => loadersOf(file, options))).flat()
  if (loaders.length > maxTables) one.warnings = { ...one.warnings, max_tables_per_import: maxTables }
  for (const [index, { name, stage }] of loaders.slice(0, maxTables).entries()) {
    const free = yield* Effect.orDie(place(name, options.collision))
    if (free === undefined) continue
    const relation = relationOf(one.id, index)
    yield* Effect.gen(function* () {
      const staged = yield* stage(relation)
      if (maxRows !== undefined && staged.rows > maxRows) return yield* failure(6668)
      one.made = [...one.made, yield* publish(staged, free, options.privacy)]
    }).pipe(Effect.ensuring(Effect.ignore(database.rows(`drop table if exists ${relation}`))))
  }
})

const createMap = Effect.fnUntraced(function* (one: Import) {
  const catalog = yield* Catalog
  const found = yield* Effect.forEach(one.made, ({ name }) => catalog.dataset(name))
  const datasets = found.filter((dataset) => dataset !== undefined)
  const [first] = datasets
  if (first === undefined) return
  const rejected = datasets.slice(maxLayers).map(({ name }) => name)
  if (rejected.length > 0) {
    one.warnings = { ...one.warnings, rejected_layers: rejected, user_max_layers: maxLayers }
  }
  const map = yield* catalog.createMap({ name: `${first.name} map`, datasets: datasets.slice(0, maxLayers) })
  one.visualizationId = map.id
}, Effect.orDie)

/** Reads the data and makes the datasets, from the first state to the one before the last. */
const load = Effect.fnUntraced(function* (one: Import, workspace: Workspace, enter: Enter, options: ImportsOptions) {
  const { source } = one.asked
  if (one.state === "enqueued") yield* enter("enqueued")
  yield* enter("pending")
  if (source._tag === "None") return yield* failure(1010)
  yield* enter("uploading")
  switch (source._tag) {
    case "Query":
    case "Copy": {
      const isCopy = source._tag === "Copy"
      const sql = isCopy ? `select * from public.${quoteIdentifier(source.table)}` : source.sql
      const wanted = source.tableName ?? (isCopy ? `${source.table}_copy` : "untitled_table")
      const made = yield* importQuery(sql, wanted, one.asked.options)
      one.made = made === undefined ? [] : [made]
      return
    }
    case "File": {
      yield* checkSize(source.path, options.maxImportSize)
      yield* enter("unpacking")
      const files = tableFiles(yield* unpack(source, workspace))
      yield* enter("importing")
      if (files.length === 0) return yield* failure(1002)
      yield* importFiles(one, files, options.maxImportRows)
    }
  }
  if (one.asked.options.contentGuessing) {
    for (const state of ["guessing", "importing", "geocoding"] as const) yield* enter(state)
  }
})

/** The whole work of an import. */
const work = Effect.fnUntraced(function* (one: Import, ...rest: [Workspace, Enter, ImportsOptions]) {
  yield* load(one, ...rest)
  if (one.asked.options.createVis) yield* createMap(one)
})

/** The program that runs an import to its end, whatever happens. */
export const makeRun = (options: ImportsOptions, knobs: Knobs) =>
  Effect.map(Effect.context<Database | Catalog | FileSystem.FileSystem>(), (context) =>
    Effect.fnUntraced(function* (one: Import, workspace: Workspace) {
      const planned = knobs.takeFailure()
      yield* work(one, workspace, enterer(one, knobs, planned), options).pipe(
        // The state that was to fail may never have come.
        Effect.andThen(planned === undefined ? Effect.void : Effect.fail(failure(planned.code))),
        Effect.matchCause({
          onFailure: (cause) => {
            const error = Cause.squash(cause)
            one.failure = error instanceof ImportFailure ? error : failure(99999)
            one.state = planned?.as ?? "failure"
          },
          onSuccess: () => {
            if (one.made.length === 0) one.failure = failure(1022)
            one.state = "complete"
          }
        })
      )
    }, Effect.provideContext(context))
  )
