/**
 * Datasets: tables that the dashboard shows, `/api/v1/viz` with type `table` (platform reference, §8), with their rows.
 *
 * CARTO never published that part of the API: it may change, and servers of other ages may answer otherwise. What is
 * done with rows goes through SQL and COPY, which are public.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { Auth } from "./Auth.ts"
import { CartoClient } from "./CartoClient.ts"
import { CartoError, NotFoundError } from "./CartoError.ts"
import type { DatasetDescription } from "./DatasetDescription.ts"
import type { Loaded, LoadOptions, LoadStep, PlanOptions } from "./DatasetLoad.ts"
import type { CreateOptions, DatasetChanges, DatasetListOptions, Dependents } from "./DatasetOptions.ts"
import type { DatasetRows } from "./DatasetRows.ts"
import type { ImportSource } from "./ImportSource.ts"
import { Imports } from "./Imports.ts"
import { count } from "./internal/database.ts"
import * as Birth from "./internal/datasetBirth.ts"
import * as Loading from "./internal/datasetLoad.ts"
import { merge } from "./internal/datasetMerge.ts"
import { columnsOf, type Loader } from "./internal/datasetParts.ts"
import * as Tables from "./internal/datasetTables.ts"
import { path } from "./internal/path.ts"
import { refuse } from "./internal/refuse.ts"
import { dropOwn } from "./internal/stagingTable.ts"
import * as Dump from "./internal/tableDump.ts"
import { tableName } from "./internal/tableName.ts"
import { changesBody } from "./internal/visualizationChanges.ts"
import type { ReadOptions } from "./internal/visualizationQuery.ts"
import * as Visualizing from "./internal/visualizations.ts"
import { type Column, columns } from "./PgTypes.ts"
import type { PollOptions } from "./PollOptions.ts"
import { Sql } from "./Sql.ts"
import { SqlCopy } from "./SqlCopy.ts"
import { SqlJobs } from "./SqlJobs.ts"
import { Synchronizations } from "./Synchronizations.ts"
import { Table } from "./Table.ts"
import type { TableDump } from "./TableDump.ts"
import type { Visualization, VisualizationSummary } from "./Visualization.ts"

export interface DatasetsOptions {
  /** Refuse every change. */
  readonly readOnly?: boolean | undefined
}

type Rows<E, R> = DatasetRows<E, R> | ReadonlyArray<DatasetRows<E, R>>

/**
 * A dataset is meant by its id, its name, `schema.name`, or `"name.with.dots"` in quotes; where SQL works on it, by its
 * name. What SQL can do alone needs no more than a key with the right grants, all else the master key.
 */
export class Datasets extends Context.Service<
  Datasets,
  {
    /** Each dataset once, page by page as they are pulled. Without a key the public ones. */
    readonly list: (options?: DatasetListOptions) => Stream.Stream<Visualization, CartoError>
    readonly get: (idOrName: string, options?: ReadOptions) => Effect.Effect<Visualization, CartoError>
    /**
     * Imports the source, or synchronizes with it, waits for the end, and gives all datasets that were made: more than
     * one for archives, none where `collisionStrategy` is `skip` and all were there. Their privacy is seen to.
     */
    readonly create: <E = never, R = never>(
      source: ImportSource<E, R>,
      options?: CreateOptions
    ) => Effect.Effect<ReadonlyArray<Visualization>, E | CartoError, R>
    /**
     * Changes what is given and nothing else; the answer is the dataset as it is then, with a name that the server may
     * have made valid. The last writer wins.
     */
    readonly update: (idOrName: string, changes: DatasetChanges) => Effect.Effect<Visualization, CartoError>
    readonly dependents: (idOrName: string) => Effect.Effect<Dependents, CartoError>
    /** Drops the table, unless maps use it: they are named in the error. Its synchronization goes too. */
    readonly delete: (idOrName: string) => Effect.Effect<void, CartoError>
    /** Drops the table, and with it maps and layers of maps that show it. */
    readonly forceDelete: (idOrName: string) => Effect.Effect<void, CartoError>
    /** A new dataset with the same rows, description, tags, license and attributions. The server makes the name unique. */
    readonly copy: (idOrName: string, newName: string) => Effect.Effect<Visualization, CartoError>
    /** The statements that make its table again, with sequences, constraints and indexes. */
    readonly ddl: (name: string) => Effect.Effect<string, CartoError>
    /** Its columns, indexes, triggers and sizes without reading a row, unless they are to be counted. */
    readonly describe: (
      name: string,
      options?: { readonly countRows?: boolean | undefined }
    ) => Effect.Effect<DatasetDescription, CartoError>
    /**
     * The columns of a table or view in their order, with PostgreSQL's types such as `int8`, without reading a row. For
     * every key that may read the rows, and without one those of what is public: `describe` needs the master key.
     */
    readonly columns: (name: string) => Effect.Effect<ReadonlyArray<Column>, CartoError>
    /** Makes a dataset of a table, and waits until it is listed, for five minutes unless told otherwise. */
    readonly cartodbfy: (
      name: string,
      options?: Omit<PollOptions, "onInterrupt">
    ) => Effect.Effect<Visualization, CartoError>
    /**
     * Puts new rows in the place of all others, in one transaction: grants, sharing, indexes, triggers and maps stay.
     * The columns must match. Whatever fails, the old rows are still there.
     */
    readonly replace: <E = never, R = never>(
      name: string,
      rows: Rows<E, R>,
      options?: LoadOptions
    ) => Effect.Effect<Loaded, E | CartoError, R>
    /** Adds rows, all or none. They get `cartodb_id`s of their own. */
    readonly append: <E = never, R = never>(name: string, rows: Rows<E, R>) => Effect.Effect<Loaded, E | CartoError, R>
    /** Changes the rows with the same key, and adds the others, all or none. The key needs no index. */
    readonly upsert: <E = never, R = never>(
      name: string,
      key: string | ReadonlyArray<string>,
      rows: Rows<E, R>
    ) => Effect.Effect<Loaded, E | CartoError, R>
    /** What `replace`, `append` and `upsert` would send, without sending it. What must be imported cannot be planned. */
    readonly plan: <E = never, R = never>(
      name: string,
      rows: Rows<E, R>,
      options?: PlanOptions
    ) => Effect.Effect<ReadonlyArray<LoadStep>, E | CartoError, R>
    /** A new dataset out of sources of one structure, one of which must be a table, a query or an import. */
    readonly merge: <E = never, R = never>(
      newName: string,
      rows: ReadonlyArray<DatasetRows<E, R>>
    ) => Effect.Effect<Visualization, E | CartoError, R>
    /** What makes the dataset again in another account, by `restore` of a service there. No row is read yet. */
    readonly dump: (idOrName: string) => Effect.Effect<TableDump, CartoError>
    /**
     * A dataset of this account out of one of another: columns, constraints, indexes, numbering, comments, description,
     * tags, license, attributions and privacy. Its rows go from one server to the other. Foreign keys, sharing and the
     * grants of keys stay behind. Whatever fails, there is no new dataset.
     */
    readonly restore: (newName: string, dump: TableDump) => Effect.Effect<Visualization, CartoError>
  }
>()("carto/Datasets") {
  static readonly layer = (
    options?: DatasetsOptions
  ): Layer.Layer<Datasets, never, Auth | CartoClient | Imports | Sql | SqlCopy | SqlJobs | Synchronizations> =>
    Layer.effect(Datasets, make(options ?? {}))
}

const make = Effect.fnUntraced(function* (settings: DatasetsOptions) {
  const carto = yield* CartoClient
  const imports = yield* Imports
  const synchronizations = yield* Synchronizations
  const database = { sql: yield* Sql, copy: yield* SqlCopy, jobs: yield* SqlJobs }
  const visualizing = yield* Visualizing.make(settings)

  const find = (operation: string, idOrName: string, options?: ReadOptions) =>
    Effect.flatMap(visualizing.readAny(operation, idOrName, options), (found) => onlyDataset(operation, found))

  const dependents = Effect.fnUntraced(function* (operation: string, dataset: Visualization) {
    if (dataset.table == null) {
      return yield* refuse(
        operation,
        `the server does not show the table of ${JSON.stringify(dataset.name)}, so that nobody knows which maps use it`,
        "Look at it in the dashboard, or delete it with force."
      )
    }
    const request = HttpClientRequest.get(path`/api/v1/tables/${dataset.table.id}`)
    const table = yield* carto.json(operation, Table, request)
    return { deleted: table.dependent_visualizations, changed: table.non_dependent_visualizations }
  })

  const birth = Birth.make({ find, imports, synchronizations, visualizing })
  const loader: Loader = { ...database, imported: birth.imported }

  const load = <E, R>(work: Loading.Load<E, R>) =>
    Effect.andThen(visualizing.mayWrite(work.operation), Loading.load(loader, work))

  return Datasets.of({
    list: (options = {}) =>
      visualizing
        .list("Datasets.list", { ...options, types: ["table"], include: ["table", ...(options.include ?? [])] })
        .pipe(Stream.withSpan("Datasets.list")),
    get: Effect.fn("Datasets.get")((idOrName, options) => find("Datasets.get", idOrName, options)),
    create: Effect.fn("Datasets.create")((source, options = {}) => birth.create("Datasets.create", source, options)),
    update: Effect.fn("Datasets.update")(function* (idOrName, changes) {
      const body = yield* changesBody("Datasets.update", changes)
      return yield* visualizing.update("Datasets.update", yield* find("Datasets.update", idOrName), body)
    }),
    dependents: Effect.fn("Datasets.dependents")((idOrName) =>
      Effect.flatMap(find("Datasets.dependents", idOrName), (dataset) => dependents("Datasets.dependents", dataset))
    ),
    delete: Effect.fn("Datasets.delete")(function* (idOrName) {
      const operation = "Datasets.delete"
      yield* visualizing.mayWrite(operation)
      const dataset = yield* find(operation, idOrName)
      const { changed, deleted } = yield* dependents(operation, dataset)
      const harm = [...harmOf("delete", deleted), ...harmOf("take layers from", changed)].join(", and ")
      if (harm !== "") {
        return yield* refuse(operation, `this would ${harm}`, "Change these maps first, or delete it with force.")
      }
      yield* visualizing.remove(operation, dataset.id)
    }),
    forceDelete: Effect.fn("Datasets.forceDelete")(function* (idOrName) {
      yield* visualizing.mayWrite("Datasets.forceDelete")
      const { id } = yield* find("Datasets.forceDelete", idOrName)
      yield* visualizing.remove("Datasets.forceDelete", id)
    }),
    copy: Effect.fn("Datasets.copy")((idOrName, newName) => birth.copy("Datasets.copy", idOrName, newName)),
    ddl: Effect.fn("Datasets.ddl")((name) => Tables.ddl(database, "Datasets.ddl", name)),
    describe: Effect.fn("Datasets.describe")(function* (name, options = {}) {
      const operation = "Datasets.describe"
      const table = yield* Tables.describe(database, operation, name)
      const { quoted } = yield* tableName(operation, name)
      const rows = options.countRows === true ? yield* count(database, operation, quoted) : undefined
      const dataset = yield* find(operation, name).pipe(
        Effect.map((found): Visualization | undefined => found),
        Effect.catchIf(
          ({ reason }) => reason._tag === "NotFoundError" || reason._tag === "AuthError",
          () => Effect.succeed(undefined)
        )
      )
      return { ...table, rows, geometryTypes: dataset?.table?.geometry_types ?? [], dataset }
    }),
    columns: Effect.fn("Datasets.columns")(function* (name) {
      const { quoted } = yield* tableName("Datasets.columns", name)
      return columns(yield* columnsOf(database, "Datasets.columns", quoted))
    }),
    cartodbfy: Effect.fn("Datasets.cartodbfy")(function* (name, options) {
      yield* visualizing.mayWrite("Datasets.cartodbfy")
      const table = yield* Tables.cartodbfy(database, "Datasets.cartodbfy", name)
      return yield* birth.listed("Datasets.cartodbfy", table, options)
    }),
    replace: Effect.fn("Datasets.replace")((dataset, rows, options = {}) =>
      load({ operation: "Datasets.replace", dataset, rows, mode: "replace", options })
    ),
    append: Effect.fn("Datasets.append")((dataset, rows) =>
      load({ operation: "Datasets.append", dataset, rows, mode: "append", options: {} })
    ),
    upsert: Effect.fn("Datasets.upsert")((dataset, key, rows) =>
      load({ operation: "Datasets.upsert", dataset, rows, mode: { upsert: key }, options: {} })
    ),
    plan: Effect.fn("Datasets.plan")((dataset, rows, options = {}) =>
      Loading.steps(
        {
          ...loader,
          imported: (operation) => refuse(operation, "what an import will make is not known", "Import it first.")
        },
        { operation: "Datasets.plan", dataset, rows, mode: options.mode ?? "replace", options }
      )
    ),
    merge: Effect.fn("Datasets.merge")(function* (newName, rows) {
      yield* visualizing.mayWrite("Datasets.merge")
      const name = yield* merge(loader, "Datasets.merge", newName, rows)
      return yield* birth.listed("Datasets.merge", name)
    }),
    dump: Effect.fn("Datasets.dump")(function* (idOrName) {
      return yield* Dump.dump(database, "Datasets.dump", yield* find("Datasets.dump", idOrName))
    }),
    restore: Effect.fn("Datasets.restore")(function* (newName, dump) {
      const operation = "Datasets.restore"
      yield* visualizing.mayWrite(operation)
      const name = yield* Dump.restore(database, operation, newName, dump)
      const { attributions, description, license, privacy, tags } = dump.dataset
      return yield* birth.listed(operation, name).pipe(
        Effect.flatMap((made) =>
          visualizing.update(operation, made, { attributions, description, license, privacy, tags })
        ),
        // A private one may have become public by then.
        Effect.onError(() => dropOwn(database.sql, name))
      )
    })
  })
})

const onlyDataset = (operation: string, found: Visualization): Effect.Effect<Visualization, CartoError> =>
  found.type === "table"
    ? Effect.succeed(found)
    : Effect.fail(
        new CartoError({
          operation,
          reason: new NotFoundError({
            status: 404,
            message: `there is no dataset ${JSON.stringify(found.name)}, only something of type ${found.type}`
          })
        })
      )

const harmOf = (what: string, maps: ReadonlyArray<VisualizationSummary>): ReadonlyArray<string> =>
  maps.length === 0
    ? []
    : [
        `${what} ${maps.length === 1 ? "the map" : `${maps.length} maps:`} ${maps.map(({ id, name }) => `${JSON.stringify(name)} (${id})`).join(", ")}`
      ]
