/** An instantiated map, anonymous or named, and the addresses of everything that it has (Maps reference, §7). */
import * as Schema from "effect/Schema"
import type { DataviewOptions } from "./DataviewOptions.ts"
import * as Cdn from "./internal/cdn.ts"
import * as MapPath from "./internal/mapPath.ts"
import { MapMetadata, type UrlTemplate } from "./MapMetadata.ts"
import type { StaticSize, StaticView } from "./StaticView.ts"
import type { TileJson, VectorLayer } from "./TileJson.ts"
import type { LayerFilter, TileOptions, UrlOptions } from "./TileOptions.ts"
import type { Area, Coordinates } from "./Tiles.ts"

/**
 * `MAP:BUSTER`, or `USER@TEMPLATE@MAP:BUSTER` of a named map. The part MAP is the same for the same map; BUSTER is the
 * time in milliseconds at which its data last changed, so that caches see the change.
 */
export const LayergroupId = Schema.NonEmptyString.pipe(Schema.brand("carto/LayergroupId"))
export type LayergroupId = typeof LayergroupId.Type

/** The answer of the server. */
export const LayergroupAnswer = Schema.Struct({
  layergroupid: LayergroupId,
  /** 1970 stands for unknown. */
  last_updated: Schema.optionalKey(Schema.DateTimeUtcFromString),
  cdn_url: Schema.optionalKey(Cdn.CdnUrl),
  metadata: MapMetadata
})

export interface StaticOptions {
  readonly format?: "png" | "jpg" | undefined
  /** Default all layers, unlike tiles. */
  readonly layers?: LayerFilter | undefined
}

export interface TileJsonOptions extends UrlOptions {
  readonly name?: string | undefined
  /** Where the map has something to show. */
  readonly area?: Area | undefined
}

/**
 * Its addresses hold no key and no token: a map of private data answers them only with one (`Maps.authorized`). It can
 * be kept as JSON and used later, as long as the server remembers it; the one that was instantiated here is
 * instantiated again by `Maps` when the server does not.
 */
export class Layergroup extends Schema.Class<Layergroup>("carto/Layergroup")({
  ...LayergroupAnswer.fields,
  baseUrl: Schema.String,
  user: Schema.String
}) {
  /** Signed with the name of its user: what it draws is read as the owner of the account. */
  get isNamed(): boolean {
    return this.layergroupid.includes("@")
  }

  /** For map libraries: `{z}`, `{x}` and `{y}` stand for the tile, `{s}` for one of the subdomains. */
  tileTemplate(options: TileOptions & UrlOptions = {}): UrlTemplate {
    const { subdomains, urlTemplate } = Cdn.origin(this, options.via ?? "cdn")
    return { urlTemplate: `${urlTemplate}${this.path("{z}/{x}/{y}", options)}`, subdomains }
  }

  /** Neighbours come from different hosts, the same tile always from the same. */
  tileUrl({ x, y, z }: Coordinates, options: TileOptions & UrlOptions = {}): string {
    const { subdomains, urlTemplate } = Cdn.origin(this, options.via ?? "cdn")
    const subdomain = subdomains[Math.abs(x + y) % subdomains.length] ?? ""
    return `${urlTemplate.replaceAll("{s}", subdomain)}${this.path(`${z}/${x}/${y}`, options)}`
  }

  tileJson(options: TileOptions & TileJsonOptions = {}): TileJson {
    const { area, name } = options
    const layers = options.format === "mvt" ? this.vectorLayers(options.layers) : undefined
    return {
      tilejson: "2.2.0",
      ...(name === undefined ? {} : { name }),
      tiles: Cdn.all(this.tileTemplate(options)),
      ...(area === undefined ? {} : { minzoom: area.minzoom, maxzoom: area.maxzoom, bounds: area.bbox }),
      ...(layers === undefined ? {} : { vector_layers: layers })
    }
  }

  /** The attributes of one feature, of a layer that was told which ones it has. */
  attributesUrl(layer: number | string, feature: number | bigint, options: UrlOptions = {}): string {
    return this.resource(
      MapPath.attributes(this.layergroupid, layer, feature, (id) => this.indexOf(id)),
      options
    )
  }

  dataviewUrl(name: string, options: DataviewOptions & UrlOptions = {}): string {
    const { via, ...asked } = options
    const query = MapPath.query(MapPath.dataviewParameters(asked))
    return `${this.resource(MapPath.dataview(this.layergroupid, name), { via })}${query}`
  }

  /** The categories of an aggregation that hold the text. */
  searchUrl(name: string, text: string, options: DataviewOptions & UrlOptions = {}): string {
    const { via, ...asked } = options
    const query = MapPath.query([["q", text], ...MapPath.dataviewParameters(asked)])
    return `${this.resource(`${MapPath.dataview(this.layergroupid, name)}/search`, { via })}${query}`
  }

  staticUrl(view: StaticView, size: StaticSize, options: StaticOptions & UrlOptions = {}): string {
    const { format = "png", layers, via } = options
    const query = layers === undefined ? "" : `?layer=${MapPath.layers(layers, (id) => this.indexOf(id))}`
    return `${this.resource(MapPath.staticImage(this.layergroupid, view, size, format), { via })}${query}`
  }

  /** A path behind `/api/v1/map` at the account's own address. */
  directUrl(path: string): string {
    return this.resource(path, { via: "direct" })
  }

  /** The place in the order of layers, from 0, of the layer with this id. */
  indexOf(id: string): number | undefined {
    const index = this.metadata.layers.findIndex((layer) => layer.id === id)
    return index === -1 ? undefined : index
  }

  /** What vector tiles hold: a layer for each of type `mapnik`, with those columns that the server told of. */
  vectorLayers(filter?: LayerFilter): ReadonlyArray<VectorLayer> {
    const chosen = new Set(
      (filter === undefined || filter === "mapnik" ? [] : typeof filter === "object" ? filter : [filter]).map(
        (layer) => (typeof layer === "string" ? this.indexOf(layer) : layer)
      )
    )
    return this.metadata.layers.flatMap(({ id, meta, type }, index) =>
      type === "mapnik" && id !== undefined && (chosen.size === 0 || chosen.has(index))
        ? [{ id, fields: fieldsOf(meta?.stats?.columns) }]
        : []
    )
  }

  private path(at: string, options: TileOptions): string {
    return MapPath.tile(this.layergroupid, at, options, (id) => this.indexOf(id))
  }

  private resource(path: string, { via = "cdn" }: UrlOptions): string {
    return Cdn.resource(this, via, path)
  }
}

const Columns = Schema.Record(Schema.String, Schema.Struct({ type: Schema.String }))

/** Dates and geometries are left out of vector tiles. */
const fieldsOf = (columns: unknown): Readonly<Record<string, string>> =>
  Schema.is(Columns)(columns)
    ? Object.fromEntries(
        Object.entries(columns).flatMap(([name, { type }]) =>
          /^(number|string|boolean)$/.test(type) ? [[name, type]] : []
        )
      )
    : {}
