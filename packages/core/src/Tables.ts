/**
 * The tables behind datasets, `/api/v1/tables` (platform reference, §9): columns, dependent maps, and making an empty one;
 * and what a key may read and write, `/api/v4/datasets` (§13).
 *
 * CARTO never published this API: it may change, and servers of other ages may answer otherwise.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Auth } from "./Auth.ts"
import { CartoClient } from "./CartoClient.ts"
import type { CartoError } from "./CartoError.ts"
import { advised } from "./internal/advised.ts"
import { pages } from "./internal/pages.ts"
import { path } from "./internal/path.ts"
import { refuse } from "./internal/refuse.ts"
import { tableName } from "./internal/tableName.ts"
import * as Visualizing from "./internal/visualizations.ts"
import { AccessibleTable, Table } from "./Table.ts"
import type { VisualizationTable } from "./Visualization.ts"

export interface NewTable {
  /** Made valid and unique by the server. */
  readonly name: string
  /** PostgreSQL's types by the columns' names. Default a name and a description. */
  readonly columns?: Readonly<Record<string, string>> | undefined
  readonly geometryType?: string | undefined
  readonly description?: string | undefined
  readonly tags?: ReadonlyArray<string> | undefined
}

/** Either fills the geometry from two columns, or changes what describes the table. `Datasets.update` can more of that. */
export type TableChanges =
  | { readonly longitude_column: string; readonly latitude_column: string }
  | {
      readonly longitude_column?: undefined
      readonly latitude_column?: undefined
      readonly description?: string | undefined
      readonly tags?: ReadonlyArray<string> | undefined
      readonly privacy?: "PRIVATE" | "PUBLIC" | "LINK" | undefined
    }

export interface TableListOptions {
  /** Default `size`, the largest first. */
  readonly orderBy?: "size" | "name" | "estimated_row_count" | "updated_at" | undefined
  readonly direction?: "asc" | "desc" | undefined
  readonly shared?: "yes" | "no" | "only" | undefined
}

export interface TablesOptions {
  /** Refuse every change. */
  readonly readOnly?: boolean | undefined
}

/** All methods need the master key; `accessible` is also for keys that were granted `ApiKeyGrants.tableMetadata`. */
export class Tables extends Context.Service<
  Tables,
  {
    /** By its name, `alice.cities` for another's, or by the table's id, which is not the dataset's. */
    readonly get: (idOrName: string) => Effect.Effect<Table, CartoError>
    /** Sizes and numbers of rows. The API has no list of tables, so that this is the list of datasets. */
    readonly list: (options?: TableListOptions) => Stream.Stream<VisualizationTable, CartoError>
    /** Tables and views that the key may read or write, by name, also those that are no datasets or another's. */
    readonly accessible: (options?: {
      readonly direction?: "asc" | "desc" | undefined
    }) => Stream.Stream<AccessibleTable, CartoError>
    /** An empty dataset. Not sent again when it may have arrived. */
    readonly create: (table: NewTable) => Effect.Effect<Table, CartoError>
    readonly update: (idOrName: string, changes: TableChanges) => Effect.Effect<Table, CartoError>
  }
>()("carto/Tables") {
  static readonly layer = (options?: TablesOptions): Layer.Layer<Tables, never, CartoClient | Auth> =>
    Layer.effect(Tables, make(options ?? {}))
}

/** As this API alone has them (platform reference, §9.3). */
const privacies = { PRIVATE: 0, PUBLIC: 1, LINK: 2 } as const

/** Its links repeat the key, and are not looked at. */
const Accessible = Schema.Struct({
  result: Schema.Array(AccessibleTable),
  total: Schema.optionalKey(Schema.NullOr(Schema.Int))
})
const pageSize = 100

const make = Effect.fnUntraced(function* (settings: TablesOptions) {
  const carto = yield* CartoClient
  const visualizing = yield* Visualizing.make(settings)

  const address = Effect.fnUntraced(function* (operation: string, idOrName: string) {
    const { name, schema } = yield* tableName(operation, idOrName)
    // The server splits names at dots.
    if (/[./]/.test(name)) {
      const { table } = yield* visualizing.readAny(operation, idOrName)
      return table == null
        ? yield* refuse(operation, `the server does not show the table of ${idOrName}`, "Give the id of the table.")
        : path`/api/v1/tables/${table.id}`
    }
    return `/api/v1/tables${schema === undefined ? path`/${name}` : path`/${`${schema}.${name}`}`}`
  })

  return Tables.of({
    get: Effect.fn("Tables.get")(function* (idOrName) {
      const request = HttpClientRequest.get(yield* address("Tables.get", idOrName))
      return yield* carto.json("Tables.get", Table, request)
    }),
    list: (options = {}) =>
      visualizing
        .list("Tables.list", {
          ...options,
          types: ["table"],
          orderBy: options.orderBy ?? "size",
          include: ["table", "table_size_and_row_count"]
        })
        .pipe(
          Stream.map(({ table }) => table),
          Stream.filter((table) => table != null),
          Stream.withSpan("Tables.list")
        ),
    accessible: ({ direction = "asc" } = {}) =>
      pages({
        read: (page) =>
          carto
            .json(
              "Tables.accessible",
              Accessible,
              HttpClientRequest.get("/api/v4/datasets", {
                urlParams: {
                  page: String(page),
                  per_page: String(pageSize),
                  order: "name",
                  order_direction: direction
                }
              }),
              { credential: "parameter" }
            )
            .pipe(
              Effect.map(({ result, total }) => ({ items: result, total: total ?? undefined })),
              Effect.mapError(needsMetadata)
            ),
        identity: ({ name, table_schema }) => JSON.stringify([table_schema, name])
      }),
    create: Effect.fn("Tables.create")(function* (table) {
      const operation = "Tables.create"
      yield* visualizing.mayWrite(operation)
      const body = {
        name: table.name,
        ...(table.columns === undefined ? {} : { schema: yield* columnList(operation, table.columns) }),
        ...(table.geometryType === undefined ? {} : { the_geom_type: table.geometryType }),
        ...(table.description === undefined ? {} : { description: table.description }),
        ...(table.tags === undefined ? {} : { tags: table.tags.join(",") })
      }
      const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post("/api/v1/tables"), body)
      return yield* carto.json(operation, Table, request)
    }),
    update: Effect.fn("Tables.update")(function* (idOrName, changes) {
      const operation = "Tables.update"
      yield* visualizing.mayWrite(operation)
      const body =
        changes.longitude_column === undefined
          ? {
              ...(changes.description === undefined ? {} : { description: changes.description }),
              ...(changes.tags === undefined ? {} : { tags: changes.tags.join(",") }),
              ...(changes.privacy === undefined ? {} : { privacy: privacies[changes.privacy] })
            }
          : { longitude_column: changes.longitude_column, latitude_column: changes.latitude_column }
      const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.put(yield* address(operation, idOrName)), body)
      return yield* carto.json(operation, Table, request)
    })
  })
})

/** `col type, col type`: the server cuts this text at commas and blanks itself, so that names are plain ones. */
const columnList = (
  operation: string,
  columns: Readonly<Record<string, string>>
): Effect.Effect<string, CartoError> => {
  const strange = Object.entries(columns).find(([name, type]) => !isPlain.test(name) || !isType.test(type))
  return strange === undefined
    ? Effect.succeed(
        Object.entries(columns)
          .map(([name, type]) => `${name} ${type}`)
          .join(", ")
      )
    : Effect.fail(
        refuse(
          operation,
          `${JSON.stringify(strange.join(" "))} cannot be sent as a column and its type`,
          "Use names of small letters, digits and underscores, or make the table by SQL and Datasets.cartodbfy."
        )
      )
}

const isPlain = /^[a-z_][a-z0-9_]*$/
const isType = /^[a-z][a-z0-9_ ]*(\(\d+\))?(\[\])?$/i

const needsMetadata = advised([
  { status: 403, advice: "Use the master key, or one made with ApiKeyGrants.tableMetadata." },
  { status: 401, advice: "Use the master key of this very account, or one made with ApiKeyGrants.tableMetadata." }
])
