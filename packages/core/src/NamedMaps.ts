/**
 * Named maps, `/api/v1/map/named`: templates that the server keeps, and that anybody may instantiate, or who has a token
 * (Maps reference, §14). What an instance shows is read as the owner of the account.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Auth } from "./Auth.ts"
import { CartoClient, type EndpointGroup } from "./CartoClient.ts"
import type { CartoError } from "./CartoError.ts"
import { confidentialJson } from "./internal/confidential.ts"
import { type InstantiateOptions, instantiate, parameters, withToken } from "./internal/instantiate.ts"
import { encoded, jsonBody } from "./internal/mapBody.ts"
import { checkedCoordinates, checkedSize, picture, tile } from "./internal/mapImages.ts"
import * as MapPath from "./internal/mapPath.ts"
import * as Tokens from "./internal/mapTokens.ts"
import { path } from "./internal/path.ts"
import { checkValues, type PlaceholderValues } from "./internal/placeholders.ts"
import { refuse } from "./internal/refuse.ts"
import * as Renewal from "./internal/renewal.ts"
import { sameJson } from "./internal/sameJson.ts"
import type { Layergroup, StaticOptions } from "./Layergroup.ts"
import { MapTemplate, strayMembers } from "./MapTemplate.ts"
import type { StaticSize } from "./StaticView.ts"
import { StoredTemplate } from "./StoredTemplate.ts"
import type { LayerFilter } from "./TileOptions.ts"
import type { Coordinates, Tile } from "./Tiles.ts"

export interface NamedInstantiateOptions extends InstantiateOptions {
  /** Others keep their defaults. */
  readonly placeholders?: PlaceholderValues | undefined
  /** CartoCSS by the index of the layer, in place of the template's. */
  readonly styles?: Readonly<Record<number, string>> | undefined
  /** One of the template's tokens. No key stands in for it. */
  readonly authToken?: Redacted.Redacted | undefined
}

/** Of what is drawn straight of a template: always with the defaults of its placeholders. */
export interface DirectOptions {
  readonly authToken?: Redacted.Redacted | undefined
}

export interface Applied {
  readonly name: string
  readonly change: "created" | "updated" | "unchanged"
  /** Told now and then when few more templates fit into the account. */
  readonly limitMessage?: string
}

export interface PruneOptions {
  /** Only templates whose names begin so. Without it those of CARTO's own Builder, `tpl_…`, are kept in any case. */
  readonly prefix?: string | undefined
  /** Deletes nothing, and tells what it would. */
  readonly dryRun?: boolean | undefined
}

export interface NamedMapsOptions {
  /** Refuse to store, replace or delete a template. */
  readonly readOnly?: boolean | undefined
}

/** The methods for templates need the master key. */
export class NamedMaps extends Context.Service<
  NamedMaps,
  {
    /** Fails with a `MapError` if there is one of this name; with a `QuotaError` if no more fit. */
    readonly create: (template: MapTemplate) => Effect.Effect<Applied, CartoError>
    /** As it is stored, by whomever; `MapTemplate.fromJson` says whether it could be instantiated. */
    readonly get: (name: string) => Effect.Effect<StoredTemplate, CartoError>
    /** All names. */
    readonly list: Effect.Effect<ReadonlyArray<string>, CartoError>
    /** Replaces it as a whole. Maps that were instantiated before stay as they are until they are forgotten. */
    readonly update: (template: MapTemplate) => Effect.Effect<Applied, CartoError>
    readonly delete: (name: string) => Effect.Effect<void, CartoError>
    /** Creates it, replaces it, or finds it as it should be: doing it twice is the same. */
    readonly apply: (template: MapTemplate) => Effect.Effect<Applied, CartoError>
    /** Deletes all templates but these, and tells which. One that is gone already is none of them. */
    readonly prune: (keep: Iterable<string>, options?: PruneOptions) => Effect.Effect<ReadonlyArray<string>, CartoError>
    /** Values are checked against the template's placeholders if it is given, not only named. */
    readonly instantiate: (
      template: string | MapTemplate,
      options?: NamedInstantiateOptions
    ) => Effect.Effect<Layergroup, CartoError>
    /**
     * A tile without instantiation, with the default placeholders only. The server mixes up the formats of such tiles
     * when several are asked for within a minute; that is a `ProtocolError`. `instantiate` has neither limit.
     */
    readonly tile: (
      name: string,
      layers: LayerFilter,
      at: Coordinates,
      options?: DirectOptions & { readonly format?: "png" | "mvt" | undefined }
    ) => Effect.Effect<Tile, CartoError>
    /** A picture of the template's `view`, with the default placeholders only. */
    readonly staticImage: (
      name: string,
      size: StaticSize,
      options?: DirectOptions & StaticOptions
    ) => Effect.Effect<Uint8Array, CartoError>
  }
>()("carto/NamedMaps") {
  static readonly layer = (options?: NamedMapsOptions): Layer.Layer<NamedMaps, never, CartoClient | Auth> =>
    Layer.effect(NamedMaps, make(options ?? {}))
}

const api = "/api/v1/map/named"
const address = (name: string) => `${api}${path`/${name}`}`

const Written = Schema.Struct({ template_id: Schema.String, limit_message: Schema.optionalKey(Schema.String) })
const Names = Schema.Struct({ template_ids: Schema.Array(Schema.String) })
const Template = Schema.Struct({ template: Schema.Record(Schema.String, Schema.Json) })

const make = Effect.fnUntraced(function* (settings: NamedMapsOptions) {
  const carto = yield* CartoClient
  const auth = yield* Auth

  const writable = (operation: string): Effect.Effect<void, CartoError> =>
    settings.readOnly === true
      ? Effect.fail(refuse(operation, "it changes a template, and this client only reads", "Use one that writes."))
      : Effect.void

  const json = (operation: string, template: MapTemplate) => encoded(operation, "the template", MapTemplate, template)

  const write = Effect.fnUntraced(function* (
    operation: string,
    template: MapTemplate,
    change: "created" | "updated"
  ): Effect.fn.Return<Applied, CartoError> {
    yield* writable(operation)
    const body = yield* jsonBody(operation, auth, yield* json(operation, template))
    const group = change === "created" ? "named_create" : "named_update"
    const request = change === "created" ? HttpClientRequest.post(api) : HttpClientRequest.put(address(template.name))
    const secrets = Tokens.ofTemplate(template)
    const written = yield* carto.json(operation, Written, HttpClientRequest.setBody(request, body), { group, secrets })
    const limit = written.limit_message === undefined ? {} : { limitMessage: written.limit_message }
    return { name: written.template_id, change, ...limit }
  })

  const read = (operation: string, name: string, secrets: ReadonlyArray<Redacted.Redacted> = []) =>
    Effect.map(
      confidentialJson(carto, operation, Template, HttpClientRequest.get(address(name)), {
        group: "named_get",
        secrets
      }),
      ({ template }) => template
    )

  const list = (operation: string) =>
    Effect.map(
      carto.json(operation, Names, HttpClientRequest.get(api), { group: "named_list" }),
      ({ template_ids }) => template_ids
    )

  const remove = (operation: string, name: string) =>
    Effect.andThen(
      writable(operation),
      Effect.asVoid(carto.text(operation, HttpClientRequest.delete(address(name)), { group: "named_delete" }))
    )

  const apply = Effect.fnUntraced(function* (template: MapTemplate): Effect.fn.Return<Applied, CartoError> {
    const operation = "NamedMaps.apply"
    const { name } = template
    const wanted = { ...defaults, ...(yield* json(operation, template)) }
    const stored = yield* Effect.catchIf(
      read(operation, name, Tokens.ofTemplate(template)),
      isMissing,
      () => Effect.undefined
    )
    if (stored === undefined) {
      return yield* Effect.catchIf(write(operation, template, "created"), isThereAlready, () =>
        write(operation, template, "updated")
      )
    }
    if (sameJson(stored, wanted)) return { name, change: "unchanged" as const }
    return yield* write(operation, template, "updated")
  })

  const direct = (
    operation: string,
    group: EndpointGroup,
    request: HttpClientRequest.HttpClientRequest,
    token: Redacted.Redacted | undefined
  ) => carto.bytes(operation, withToken(request, token), { group, secrets: token === undefined ? [] : [token] })

  return NamedMaps.of({
    create: Effect.fn("NamedMaps.create")((template) => write("NamedMaps.create", template, "created")),
    get: Effect.fn("NamedMaps.get")(function* (name) {
      const stored = yield* read("NamedMaps.get", name)
      const own = Object.fromEntries(Object.entries(stored).filter(([name]) => !strayMembers.includes(name)))
      return yield* Effect.mapError(Schema.decodeUnknownEffect(StoredTemplate)(own), () =>
        refuse("NamedMaps.get", `the template ${name} is none`, "Delete it, or store it again.")
      )
    }),
    list: list("NamedMaps.list").pipe(Effect.withSpan("NamedMaps.list")),
    update: Effect.fn("NamedMaps.update")((template) => write("NamedMaps.update", template, "updated")),
    delete: Effect.fn("NamedMaps.delete")((name) => remove("NamedMaps.delete", name)),
    apply: Effect.fn("NamedMaps.apply")(apply),
    prune: Effect.fn("NamedMaps.prune")(function* (keep, options = {}) {
      const kept = new Set(keep)
      const { dryRun = false, prefix } = options
      const isMeant = (name: string) => (prefix === undefined ? !name.startsWith("tpl_") : name.startsWith(prefix))
      const gone = (yield* list("NamedMaps.prune")).filter((name) => isMeant(name) && !kept.has(name))
      return dryRun
        ? gone
        : yield* Effect.filter(gone, (name) =>
            Effect.catchIf(Effect.as(remove("NamedMaps.prune", name), true), isMissing, () => Effect.succeed(false))
          )
    }),
    instantiate: Effect.fn("NamedMaps.instantiate")(function* (template, options = {}) {
      const operation = "NamedMaps.instantiate"
      const { authToken, placeholders = {}, styles } = options
      yield* checkValues(operation, template, placeholders)
      const body = yield* jsonBody(operation, auth, styles === undefined ? placeholders : { ...placeholders, styles })
      const name = typeof template === "string" ? template : template.name
      const request = HttpClientRequest.post(address(name), { body, urlParams: yield* parameters(operation, options) })
      const hidden = authToken === undefined ? {} : { secrets: [authToken] }
      return yield* Renewal.begin(
        instantiate(carto, operation, withToken(request, authToken), { group: "named", ...hidden }),
        authToken
      )
    }),
    tile: Effect.fn("NamedMaps.tile")(function* (name, layers, at, options = {}) {
      const { authToken, format = "png" } = options
      yield* checkedCoordinates("NamedMaps.tile", at)
      const segment = MapPath.layers(layers, () => undefined)
      const request = HttpClientRequest.get(`${address(name)}/${segment}/${at.z}/${at.x}/${at.y}.${format}`)
      const answer = yield* direct("NamedMaps.tile", "named_tiles", request, authToken)
      return yield* tile("NamedMaps.tile", at, format, answer)
    }),
    staticImage: Effect.fn("NamedMaps.staticImage")(function* (name, size, options = {}) {
      const { authToken, format = "png", layers } = options
      yield* checkedSize("NamedMaps.staticImage", size)
      const query = layers === undefined ? "" : `?layer=${MapPath.layers(layers, () => undefined)}`
      const picturePath = path`/api/v1/map/static/named/${name}/${`${size.width}`}/${`${size.height}`}.${format}`
      const request = HttpClientRequest.get(`${picturePath}${query}`)
      const answer = yield* direct("NamedMaps.staticImage", "static_named", request, authToken)
      return yield* picture("NamedMaps.staticImage", answer)
    })
  })
})

/** What the server adds to a template without them. */
const defaults = { auth: { method: "open" }, placeholders: {} }

const isMissing = ({ reason }: CartoError): boolean => reason._tag === "NotFoundError"

/** Somebody else was faster. */
const isThereAlready = ({ reason }: CartoError): boolean =>
  reason._tag === "MapError" && / already exists$/.test(reason.message)
