/**
 * Maps and what is read of them, `/api/v1/map`: tiles, attributes, dataviews, pictures (Maps reference, §5 to §13).
 *
 * A map that the server has forgotten is instantiated again, once, before a call fails for it.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Auth } from "./Auth.ts"
import { CartoClient, type EndpointGroup } from "./CartoClient.ts"
import type { CartoError } from "./CartoError.ts"
import type { DataviewOptions } from "./DataviewOptions.ts"
import { type Category, DataviewResult, SearchResult } from "./DataviewResult.ts"
import { type InstantiateOptions, instantiate, parameters, withToken } from "./internal/instantiate.ts"
import { encoded, jsonBody } from "./internal/mapBody.ts"
import { checkedCoordinates, checkedSize, picture, tile } from "./internal/mapImages.ts"
import * as MapPath from "./internal/mapPath.ts"
import * as Tokens from "./internal/mapTokens.ts"
import { isPublicKey } from "./internal/publicKey.ts"
import { refuse } from "./internal/refuse.ts"
import * as Renewal from "./internal/renewal.ts"
import type { Layergroup, StaticOptions } from "./Layergroup.ts"
import { AnalysisEntry, AnalysisStatus } from "./MapAnalysis.ts"
import { MapConfig } from "./MapConfig.ts"
import type { StaticSize, StaticView } from "./StaticView.ts"
import { TorquePixel, UtfGrid } from "./TileData.ts"
import type { TileOptions } from "./TileOptions.ts"
import * as Tiles from "./Tiles.ts"

export type { InstantiateOptions }

export interface TilesOptions {
  /** Tiles that are asked for at once. Default 8. */
  readonly concurrency?: number | undefined
}

/** What to compute of the rows behind a point: `columns` groups them, `expressions` are named results. */
export interface ClusterOptions {
  readonly columns?: ReadonlyArray<string> | undefined
  readonly expressions?: Readonly<
    Record<string, { readonly aggregate_function: string; readonly aggregated_column: string }>
  >
}

export class Maps extends Context.Service<
  Maps,
  {
    /** The configuration is checked here first. The same one gives the same id until its data changes. */
    readonly instantiate: (config: MapConfig, options?: InstantiateOptions) => Effect.Effect<Layergroup, CartoError>
    /**
     * Instantiates it again. When its data has changed it has a new id, and so new addresses, by which no cache holds what
     * is old. Calls with the map that was given follow.
     */
    readonly renew: (map: Layergroup) => Effect.Effect<Layergroup, CartoError>
    /** Default a picture of all layers of type `mapnik`. Features where there are none make an empty vector tile. */
    readonly tile: (
      map: Layergroup,
      at: Tiles.Coordinates,
      options?: TileOptions
    ) => Effect.Effect<Tiles.Tile, CartoError>
    /** All tiles of an area, empty ones too, as they come; `Tiles.count` knows how many. */
    readonly tiles: (
      map: Layergroup,
      area: Tiles.Area,
      options?: TileOptions & TilesOptions
    ) => Stream.Stream<Tiles.Tile, CartoError>
    /** Of one layer with `interactivity`: which feature lies where. */
    readonly grid: (
      map: Layergroup,
      layer: number | string,
      at: Tiles.Coordinates
    ) => Effect.Effect<UtfGrid, CartoError>
    /** Of one layer of type `torque`. */
    readonly torque: (
      map: Layergroup,
      layer: number | string,
      at: Tiles.Coordinates
    ) => Effect.Effect<ReadonlyArray<TorquePixel>, CartoError>
    /** Of one feature of a layer with `attributes`. Numbers that are not finite are text. */
    readonly attributes: (
      map: Layergroup,
      layer: number | string,
      feature: number | bigint
    ) => Effect.Effect<Readonly<Record<string, Schema.Json>>, CartoError>
    readonly dataview: (
      map: Layergroup,
      name: string,
      options?: DataviewOptions
    ) => Effect.Effect<DataviewResult, CartoError>
    /** The categories of an aggregation that hold the text, whatever its case. */
    readonly search: (
      map: Layergroup,
      name: string,
      text: string,
      options?: DataviewOptions
    ) => Effect.Effect<ReadonlyArray<Category>, CartoError>
    /** `node` is the id in the address that `metadata.analyses` tells. When it is ready, instantiate the map again. */
    readonly analysis: (map: Layergroup, node: string) => Effect.Effect<AnalysisStatus, CartoError>
    /** All steps of the account's analyses; needs a key that may see them. */
    readonly analyses: Effect.Effect<ReadonlyArray<AnalysisEntry>, CartoError>
    /** The rows behind one point of a layer with `aggregation`, by its `cartodb_id` at this zoom level. */
    readonly cluster: (
      map: Layergroup,
      layer: number | string,
      zoom: number,
      feature: number | bigint,
      options?: ClusterOptions
    ) => Effect.Effect<ReadonlyArray<Readonly<Record<string, Schema.Json>>>, CartoError>
    /** One picture, of all layers unless told otherwise. */
    readonly staticImage: (
      map: Layergroup,
      view: StaticView,
      size: StaticSize,
      options?: StaticOptions
    ) => Effect.Effect<Uint8Array, CartoError>
    /**
     * An address of the map with what it takes to be answered: the token of a named map, else the key. Whoever gets it
     * gets that too: never publish one that holds the master key.
     */
    readonly authorized: (map: Layergroup, url: string) => Effect.Effect<Redacted.Redacted, CartoError>
  }
>()("carto/Maps") {
  static readonly layer = (): Layer.Layer<Maps, never, CartoClient | Auth> =>
    Layer.effect(
      Maps,
      Effect.suspend(() => make())
    )
}

const Row = Schema.Record(Schema.String, Schema.Json)
const Cluster = Schema.Struct({ rows: Schema.Array(Row) })
const Catalog = Schema.Struct({ catalog: Schema.Array(AnalysisEntry) })

const direct = { via: "direct" } as const

const make = Effect.fnUntraced(function* () {
  const carto = yield* CartoClient
  const auth = yield* Auth

  const requestOf = (map: Layergroup, url: string) =>
    withToken(HttpClientRequest.get(url.slice(map.baseUrl.length)), Renewal.authTokenOf(map))

  const hidden = (map: Layergroup) => {
    const token = Renewal.authTokenOf(map)
    return token === undefined ? {} : { secrets: [token] }
  }

  const reading = <A>(
    operation: string,
    map: Layergroup,
    read: (map: Layergroup) => Effect.Effect<A, CartoError>
  ): Effect.Effect<A, CartoError> =>
    map.baseUrl === carto.account.baseUrl
      ? Renewal.use(map, read)
      : Effect.fail(refuse(operation, `the map is of ${map.baseUrl}`, "Ask the account that instantiated it."))

  const bytes = (operation: string, group: EndpointGroup, map: Layergroup, url: (map: Layergroup) => string) =>
    reading(operation, map, (map) => carto.bytes(operation, requestOf(map, url(map)), { group, ...hidden(map) }))

  const json = <S extends Schema.ConstraintDecoder<unknown>>(
    operation: string,
    group: EndpointGroup,
    map: Layergroup,
    schema: S,
    url: (map: Layergroup) => string
  ) =>
    reading(operation, map, (map) => carto.json(operation, schema, requestOf(map, url(map)), { group, ...hidden(map) }))

  const oneTile = (operation: string, map: Layergroup, at: Tiles.Coordinates, options: TileOptions) =>
    Effect.andThen(
      checkedCoordinates(operation, at),
      Effect.flatMap(
        bytes(operation, "tile", map, (map) => map.tileUrl(at, { ...options, ...direct })),
        (answer) => tile(operation, at, options.format ?? "png", answer)
      )
    )

  const tileData = <S extends Schema.ConstraintDecoder<unknown>>(
    operation: string,
    map: Layergroup,
    schema: S,
    at: Tiles.Coordinates,
    options: TileOptions
  ) =>
    Effect.andThen(
      checkedCoordinates(operation, at),
      json(operation, "tile", map, schema, (map) => map.tileUrl(at, { ...options, ...direct }))
    )

  return Maps.of({
    instantiate: Effect.fn("Maps.instantiate")(function* (config, options = {}) {
      const operation = "Maps.instantiate"
      const body = yield* jsonBody(operation, auth, yield* encoded(operation, "the map", MapConfig, config))
      const request = HttpClientRequest.post("/api/v1/map", {
        body,
        urlParams: yield* parameters(operation, options)
      })
      const secrets = Tokens.ofConfig(config)
      return yield* Renewal.begin(instantiate(carto, operation, request, { group: "anonymous", secrets }))
    }),
    renew: Effect.fn("Maps.renew")(
      (map) =>
        Renewal.renew(map) ??
        Effect.fail(refuse("Maps.renew", "the map was not instantiated here", "Instantiate it of its configuration."))
    ),
    tile: Effect.fn("Maps.tile")((map, at, options = {}) => oneTile("Maps.tile", map, at, options)),
    tiles: (map, area, { concurrency = 8, ...options } = {}) =>
      Stream.unwrap(
        Effect.suspend(() => {
          const problem = Tiles.problemOf(area)
          return problem === undefined
            ? Effect.succeed(Stream.fromIterable(Tiles.coordinates(area)))
            : Effect.fail(refuse("Maps.tiles", problem, "Give another area."))
        })
      ).pipe(
        Stream.mapEffect((at) => oneTile("Maps.tiles", map, at, options), { concurrency, unordered: true }),
        Stream.withSpan("Maps.tiles")
      ),
    grid: Effect.fn("Maps.grid")((map, layers, at) =>
      tileData("Maps.grid", map, UtfGrid, at, { format: "grid.json", layers })
    ),
    torque: Effect.fn("Maps.torque")((map, layers, at) =>
      tileData("Maps.torque", map, Schema.Array(TorquePixel), at, { format: "torque.json", layers })
    ),
    attributes: Effect.fn("Maps.attributes")((map, layer, feature) =>
      Effect.andThen(
        checkedFeature("Maps.attributes", feature),
        json("Maps.attributes", "attributes", map, Row, (map) => map.attributesUrl(layer, feature, direct))
      )
    ),
    dataview: Effect.fn("Maps.dataview")((map, name, options) =>
      json("Maps.dataview", "dataview", map, DataviewResult, (map) => map.dataviewUrl(name, { ...options, ...direct }))
    ),
    search: Effect.fn("Maps.search")((map, name, text, options) =>
      Effect.map(
        json("Maps.search", "dataview_search", map, SearchResult, (map) =>
          map.searchUrl(name, text, { ...options, ...direct })
        ),
        ({ categories }) => categories
      )
    ),
    analysis: Effect.fn("Maps.analysis")((map, node) =>
      json("Maps.analysis", "analysis", map, AnalysisStatus, (map) =>
        map.directUrl(MapPath.analysis(map.layergroupid, node))
      )
    ),
    analyses: Effect.map(
      carto.json("Maps.analyses", Catalog, HttpClientRequest.get("/api/v1/map/analyses/catalog"), {
        group: "analysis_catalog"
      }),
      ({ catalog }) => catalog
    ).pipe(Effect.withSpan("Maps.analyses")),
    cluster: Effect.fn("Maps.cluster")((map, layer, zoom, feature, options) =>
      Effect.andThen(
        checkedFeature("Maps.cluster", feature),
        Effect.map(
          json("Maps.cluster", "attributes", map, Cluster, (map) => {
            const index = MapPath.layers(layer, (id) => map.indexOf(id))
            return map.directUrl(MapPath.cluster(map.layergroupid, index, zoom, feature, options))
          }),
          ({ rows }) => rows
        )
      )
    ),
    staticImage: Effect.fn("Maps.staticImage")((map, view, size, options) =>
      Effect.andThen(
        checkedSize("Maps.staticImage", size),
        Effect.flatMap(
          bytes("Maps.staticImage", "static", map, (map) => map.staticUrl(view, size, { ...options, ...direct })),
          (answer) => picture("Maps.staticImage", answer)
        )
      )
    ),
    authorized: Effect.fn("Maps.authorized")(function* (map, url) {
      const token = Renewal.authTokenOf(map)
      const key = map.isNamed ? undefined : Option.getOrUndefined(yield* auth.apiKey)
      const secret = token ?? key
      if (secret === undefined || isPublicKey(Redacted.value(secret))) return Redacted.make(url)
      const name = token === undefined ? "api_key" : "auth_token"
      const parameter = `${name}=${encodeURIComponent(Redacted.value(secret).toWellFormed())}`
      return Redacted.make(`${url}${url.includes("?") ? "&" : "?"}${parameter}`)
    })
  })
})

/** The server pastes it into SQL. */
const checkedFeature = (operation: string, feature: number | bigint): Effect.Effect<void, CartoError> =>
  typeof feature === "bigint" || Number.isSafeInteger(feature)
    ? Effect.void
    : Effect.fail(refuse(operation, `${feature} is no whole number`, "Give the feature's cartodb_id."))
