/** How an import goes from state to state (platform reference, §6.3). */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import { Auth } from "../Auth.ts"
import type { Catalog } from "../catalog/Catalog.ts"
import type { Plan } from "../catalog/Plan.ts"
import { tableName } from "../catalog/tableName.ts"
import { Database } from "../Database.ts"
import { quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import type { Source } from "./Asked.ts"
import { type ConnectorRequest, importName } from "./connector/ConnectorRequest.ts"
import { maxRows, stagePostgres } from "./connector/stagePostgres.ts"
import { download } from "./download.ts"
import { failure, ImportFailure } from "./failures.ts"
import type { Import, State } from "./Import.ts"
import type { ImportsOptions } from "./Imports.ts"
import type { Knobs, PlannedFailure } from "./Knobs.ts"
import { type Loader, loadersOf } from "./loaders.ts"
import { definitionIn } from "./MapDefinition.ts"
import { makeMapOf, makeMapOver } from "./makeMap.ts"
import { place, publish } from "./publish.ts"
import { importQuery } from "./queries.ts"
import { relationOf } from "./Staged.ts"
import { tableFiles } from "./tableFiles.ts"
import { unpack } from "./unpack.ts"
import type { Workspace } from "./Workspace.ts"

/** The most tables that one archive makes. */
const maxTables = 26

/** The part of a file's size that must be left of the account's quota. */
const quotaShare = 0.3

type Planned = PlannedFailure & { readonly code: number }
type Enter = (state: State) => Effect.Effect<void, ImportFailure>

const enterer =
  (one: Import, knobs: Knobs, planned: Planned | undefined): Enter =>
  (state) =>
    Effect.gen(function* () {
      one.state = state
      // Nobody can ask for the later runs of a synchronization.
      if (one.synced?.refresh === undefined) yield* knobs.hold(one)
      if (planned !== undefined && (planned.state ?? "importing") === state) return yield* failure(planned.code)
    })

const checkSize = Effect.fnUntraced(function* (path: string, maxSize: number | undefined) {
  const fileSystem = yield* FileSystem.FileSystem
  const database = yield* Database
  const schema = quoteLiteral((yield* Auth).schema)
  const size = Number((yield* Effect.orDie(fileSystem.stat(path))).size)
  if (maxSize !== undefined && size > maxSize) return yield* failure(6666)
  const [row] = yield* Effect.orDie(
    database.rows(`select cartodb._cdb_userquotainbytes(${schema}) - cartodb.cdb_userdatasize(${schema}) as left`)
  )
  if (size * quotaShare > Number(row?.left)) return yield* failure(8001)
})

/** Where a table of a file is to go; one that a synchronization refreshes goes where it was. */
const placeOf = Effect.fnUntraced(function* ({ asked, synced }: Import, name: string) {
  const collision = synced?.refresh === undefined ? asked.options.collision : "overwrite"
  return yield* Effect.orDie(place(synced?.tableName ?? name, collision))
})

/** Makes the datasets, one after the other; the names they have now, by those they had in the file. */
const importTables = Effect.fnUntraced(function* (
  one: Import,
  loaders: ReadonlyArray<Loader>,
  maxRows: number | undefined
) {
  const database = yield* Database
  const { options } = one.asked
  // A synchronization has one table.
  const limit = one.synced === undefined ? maxTables : 1
  if (loaders.length > limit) one.warnings = { ...one.warnings, max_tables_per_import: limit }
  const names = new Map<string, string>()
  for (const [index, { name, stage }] of loaders.slice(0, limit).entries()) {
    const free = yield* placeOf(one, name)
    // What is skipped is there already.
    names.set(name, free?.name ?? tableName(name))
    if (free === undefined) continue
    const relation = relationOf(one.id, index)
    yield* Effect.gen(function* () {
      const staged = yield* stage(relation)
      if (maxRows !== undefined && staged.rows > maxRows) return yield* failure(6668)
      one.made = [...one.made, yield* publish(staged, free, options.privacy)]
    }).pipe(Effect.ensuring(Effect.ignore(database.rows(`drop table if exists ${relation}`))))
  }
  return names
})

/** The file of an import, once it is on this machine; none when it is as it was. */
const fileOf = Effect.fnUntraced(function* (one: Import, workspace: Workspace) {
  const { source } = one.asked
  if (source._tag === "File") return source
  if (source._tag !== "Url") return undefined
  const { file, state } = yield* download(source.url, workspace, one.synced?.refresh?.known)
  one.source = state
  return file
})

const inDatabase = Effect.fnUntraced(function* (one: Import, source: Extract<Source, { _tag: "Query" | "Copy" }>) {
  const isCopy = source._tag === "Copy"
  const sql = isCopy
    ? `select * from ${quoteIdentifier((yield* Auth).schema)}.${quoteIdentifier(source.table)}`
    : source.sql
  const wanted = source.tableName ?? (isCopy ? `${source.table}_copy` : "untitled_table")
  const made = yield* importQuery(sql, wanted, one.asked.options)
  one.made = made === undefined ? [] : [made]
})

const fromConnector = Effect.fnUntraced(function* (one: Import, request: ConnectorRequest) {
  // Other databases are known, but not enabled.
  if (request.provider !== "postgres") return yield* failure(1501)
  const loader: Loader = {
    name: importName(request),
    stage: Effect.fnUntraced(function* (relation) {
      const { isCut, staged } = yield* stagePostgres(request, { name: importName(request), relation })
      if (isCut) one.warnings = { ...one.warnings, max_rows_per_connection: maxRows }
      return staged
    })
  }
  yield* importTables(one, [loader], undefined)
})

/** Reads the data and makes the datasets, from the first state to the one before the last. */
const load = Effect.fnUntraced(function* (one: Import, workspace: Workspace, enter: Enter, options: ImportsOptions) {
  const { source } = one.asked
  if (one.state === "enqueued") yield* enter("enqueued")
  yield* enter("pending")
  if (source._tag === "None") return yield* failure(1010)
  yield* enter("uploading")
  if (source._tag === "Query" || source._tag === "Copy") return yield* inDatabase(one, source)
  if (source._tag === "Connector") return yield* fromConnector(one, source.connector)
  const file = yield* fileOf(one, workspace)
  if (file === undefined) return
  yield* checkSize(file.path, options.maxImportSize)
  yield* enter("unpacking")
  const unpacked = yield* unpack(file, workspace)
  const files = tableFiles(unpacked)
  yield* enter("importing")
  if (files.length === 0) return yield* failure(1002)
  const loaders = yield* Effect.forEach(files, (file) => loadersOf(file, workspace, one.asked.options))
  const definition = yield* definitionIn(unpacked)
  const names = yield* importTables(one, loaders.flat(), options.maxImportRows)
  // A synchronization is of one table, and never of a map.
  if (definition !== undefined && one.synced === undefined) yield* makeMapOf(one, definition, names)
  if (!one.asked.options.contentGuessing) return
  for (const state of ["guessing", "importing", "geocoding"] as const) yield* enter(state)
})

/** The whole work of an import. */
const work = Effect.fnUntraced(function* (one: Import, ...rest: [Workspace, Enter, ImportsOptions]) {
  yield* load(one, ...rest)
  if (one.asked.options.createVis && one.visualizationId === null) yield* makeMapOver(one)
})

/** The program that runs an import to its end, whatever happens. */
export const makeRun = (options: ImportsOptions, knobs: Knobs) =>
  Effect.map(Effect.context<Database | Catalog | Plan | FileSystem.FileSystem | HttpClient.HttpClient>(), (context) =>
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
            const isEmpty = one.made.length === 0 && one.visualizationId === null
            if (isEmpty && one.synced === undefined) one.failure = failure(1022)
            one.state = "complete"
          }
        })
      )
    }, Effect.provideContext(context))
  )
