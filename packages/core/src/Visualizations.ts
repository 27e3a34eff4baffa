/**
 * Maps and whatever else the dashboard shows, `/api/v1/viz` (platform reference, §8).
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
import { path } from "./internal/path.ts"
import { refuse } from "./internal/refuse.ts"
import { changesBody, type Secret, secretsOf, type VisualizationChanges } from "./internal/visualizationChanges.ts"
import type {
  CombinableOrder,
  Direction,
  ListFilter,
  ListInclude,
  ReadInclude,
  ReadOptions
} from "./internal/visualizationQuery.ts"
import * as Visualizing from "./internal/visualizations.ts"
import type { Visualization } from "./Visualization.ts"

export type { ListInclude, ReadInclude, ReadOptions, VisualizationChanges }

export type MapType = "derived" | "slide" | "kuviz" | "app" | "remote"
type MapOrder = Exclude<CombinableOrder, "dependent_visualizations">

export interface MapListOptions extends ListFilter {
  /** Default `derived`, the maps of the editor and Builder. */
  readonly types?: ReadonlyArray<MapType> | undefined
  /** Default `updated_at`, the newest first. */
  readonly orderBy?: MapOrder | "mapviews" | ReadonlyArray<MapOrder> | undefined
  readonly direction?: Direction | ReadonlyArray<Direction> | undefined
  readonly published?: boolean | undefined
}

/** What a map can be changed to. */
export interface MapChanges extends VisualizationChanges<"PUBLIC" | "LINK" | "PRIVATE" | "PASSWORD">, Secret {}

/** A map over datasets, by names or table ids; the copy of a map, or a map over one dataset; or an empty one. */
export type NewMap =
  | (MapChanges & { readonly tables: ReadonlyArray<string> })
  | { readonly source: string }
  | (MapChanges & { readonly name: string; readonly tables?: undefined; readonly source?: undefined })

export interface VisualizationsOptions {
  /** Refuse every change. */
  readonly readOnly?: boolean | undefined
}

/** All methods need the master key; a map is meant by its id or its name. A name costs a search, and must be the only one. */
export class Visualizations extends Context.Service<
  Visualizations,
  {
    /** Each map once, page by page as they are pulled. Without a key the public ones. */
    readonly list: (options?: MapListOptions) => Stream.Stream<Visualization, CartoError>
    readonly get: (idOrName: string, options?: ReadOptions) => Effect.Effect<Visualization, CartoError>
    /** The definition of a map for front ends (viz.json): layers, queries, styles, widgets. Default version 3, Builder's. */
    readonly definition: (
      idOrName: string,
      options?: { readonly version?: 2 | 3 | undefined }
    ) => Effect.Effect<Schema.Json, CartoError>
    /** Not sent again when it may have arrived. The server makes the name unique with a number. */
    readonly create: (map: NewMap) => Effect.Effect<Visualization, CartoError>
    /** Changes what is given and nothing else; the answer is the map as it is then. The last writer wins. */
    readonly update: (idOrName: string, changes: MapChanges) => Effect.Effect<Visualization, CartoError>
    /** Deletes a map. Its datasets stay; a dataset is refused. */
    readonly delete: (idOrName: string) => Effect.Effect<void, CartoError>
  }
>()("carto/Visualizations") {
  static readonly layer = (options?: VisualizationsOptions): Layer.Layer<Visualizations, never, CartoClient | Auth> =>
    Layer.effect(Visualizations, make(options ?? {}))
}

/** Those that can be asked for by name. */
const types: ReadonlyArray<MapType> = ["derived", "slide", "kuviz", "app", "remote"]

const make = Effect.fnUntraced(function* (settings: VisualizationsOptions) {
  const carto = yield* CartoClient
  const visualizing = yield* Visualizing.make(settings)

  const find = (operation: string, idOrName: string, options?: ReadOptions) =>
    visualizing.isId(idOrName)
      ? visualizing.read(operation, idOrName, options)
      : Effect.flatMap(visualizing.named(operation, types, idOrName), ({ id }) =>
          visualizing.read(operation, id, options)
        )

  /** Deleting the map of a dataset's id would drop the table. */
  const findMap = Effect.fnUntraced(function* (operation: string, idOrName: string) {
    const found = yield* find(operation, idOrName)
    return found.type === "table"
      ? yield* refuse(operation, `${JSON.stringify(found.name)} is a dataset, not a map`, "Use Datasets for datasets.")
      : found
  })

  return Visualizations.of({
    list: (options = {}) =>
      visualizing
        .list("Visualizations.list", { ...options, types: options.types ?? ["derived"] })
        .pipe(Stream.withSpan("Visualizations.list")),
    get: Effect.fn("Visualizations.get")((idOrName, options) => find("Visualizations.get", idOrName, options)),
    definition: Effect.fn("Visualizations.definition")(function* (idOrName, options = {}) {
      const operation = "Visualizations.definition"
      const id = visualizing.isId(idOrName) ? idOrName : (yield* visualizing.named(operation, types, idOrName)).id
      const request = HttpClientRequest.get(path`/api/v${String(options.version ?? 3)}/viz/${id}/viz`)
      return yield* carto.json(operation, Schema.Json, request)
    }),
    create: Effect.fn("Visualizations.create")(function* (map) {
      const operation = "Visualizations.create"
      if (map.source !== undefined) return yield* visualizing.create(operation, { source_visualization_id: map.source })
      const body = yield* changesBody(operation, map)
      return yield* visualizing.create(
        operation,
        map.tables === undefined ? { ...body, type: "derived" } : { ...body, tables: map.tables },
        secretsOf(map)
      )
    }),
    update: Effect.fn("Visualizations.update")(function* (idOrName, changes) {
      const operation = "Visualizations.update"
      const body = yield* changesBody(operation, changes)
      return yield* visualizing.update(operation, yield* findMap(operation, idOrName), body, secretsOf(changes))
    }),
    delete: Effect.fn("Visualizations.delete")(function* (idOrName) {
      const operation = "Visualizations.delete"
      yield* visualizing.mayWrite(operation)
      const { id } = yield* findMap(operation, idOrName)
      yield* visualizing.remove(operation, id)
    })
  })
})
