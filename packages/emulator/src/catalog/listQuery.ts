/** What `GET viz` is asked for (platform reference, §8.3), as SQL over the catalog. */
import * as Effect from "effect/Effect"
import * as Params from "../Params.ts"
import { Refusal } from "../Refusal.ts"
import { readPage, wrong } from "../routes/paging.ts"
import { quoteLiteral } from "../SqlText.ts"
import type { Part } from "./Catalog.ts"

export interface ListQuery extends Part {
  /** A condition on the types alone: that of the account's totals. */
  readonly ofTypes: string
}

const refusal = (text: string): Refusal => new Refusal({ status: 400, body: { error: text } })

const types = ["table", "derived", "slide", "remote", "kuviz", "app"]

const orders = {
  name: "v.name",
  updated_at: "v.updated_at",
  size: "coalesce(pg_total_relation_size(v.table_oid), 0)",
  // Nobody views maps here; a bare constant would mean a column of the result.
  mapviews: "(select 0)",
  favorited: "v.liked::int",
  estimated_row_count: "coalesce((select reltuples from pg_class where oid = v.table_oid), 0)",
  privacy: "v.privacy",
  dependent_visualizations: `(
    select count(distinct l.visualization_id) from carto_emulator.visualization_layers l where l.dataset_id = v.id)`
}

// These are computed per row on the real servers, one at a time.
const alone = new Set(["size", "mapviews", "estimated_row_count"])

const symbols = (names: ReadonlyArray<string>): string => `[${names.map((name) => `:${name}`).join(", ")}]`

const isOrder = (name: string): name is keyof typeof orders => Object.hasOwn(orders, name)

const list = (params: Params.Params, name: string): ReadonlyArray<string> =>
  (Params.text(params, name) ?? "").split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]))

const isTrue = (params: Params.Params, name: string): boolean => Params.text(params, name) === "true"

const fail = (name: string, valid?: string) =>
  Effect.fail(refusal(valid === undefined ? wrong(name) : `${wrong(name)} Valid values are one of ${valid}`))

const readTypes = Effect.fnUntraced(function* (params: Params.Params) {
  const asked = list(params, "types")
  const found = asked.length > 0 ? asked : [Params.text(params, "type") ?? "derived"]
  if (found.some((type) => !types.includes(type))) return yield* fail("types", symbols(types))
  return found
})

const readOrder = Effect.fnUntraced(function* (params: Params.Params) {
  const names = list(params, "order")
  const directions = list(params, "order_direction")
  const columns = (names.length > 0 ? names : ["updated_at"]).filter(isOrder)
  const isWrong = columns.length < names.length || (columns.length > 1 && columns.some((name) => alone.has(name)))
  if (isWrong) return yield* fail("order", symbols(Object.keys(orders)))
  if (directions.some((direction) => direction !== "asc" && direction !== "desc")) {
    return yield* fail("order_direction", symbols(["asc", "desc"]))
  }
  const terms = columns.map((name, i) => `${orders[name]} ${directions[i] ?? directions.at(-1) ?? "desc"}`)
  // Equal ones keep an order, so that no page repeats what another has shown.
  return [...terms, `v.place ${directions[0] ?? "desc"}`].join(", ")
})

const searched = "concat_ws(' ', v.name, v.display_name, v.description, array_to_string(v.tags, ' '))"

const readSearch = (params: Params.Params): { readonly where: string; readonly rank: string } | undefined => {
  const text = Params.text(params, "q")
  if (text === undefined) return undefined
  const query = `plainto_tsquery('simple', ${quoteLiteral(text)})`
  return {
    where: `(to_tsvector('simple', ${searched}) @@ ${query} or position(lower(${quoteLiteral(text)}) in lower(${searched})) > 0)`,
    rank: `ts_rank(to_tsvector('simple', ${searched}), ${query}) desc`
  }
}

const readBbox = Effect.fnUntraced(function* (params: Params.Params, asked: ReadonlyArray<string>) {
  const text = Params.text(params, "bbox")
  if (text === undefined) return []
  if (asked.length !== 1 || asked[0] !== "table") {
    return yield* Effect.fail(refusal("Filter by bbox is only supported for type table"))
  }
  const corners = text.split(",").map(Number)
  if (corners.length !== 4 || !corners.every(Number.isFinite)) return yield* fail("bbox")
  return [`carto_emulator.table_extent(v.table_oid) && ST_MakeEnvelope(${corners.join(", ")}, 4326)`]
})

// In effect private: a map for which an outsider may not read one of the datasets (platform reference, §8.6).
const isPublished = `v.privacy = 'PUBLIC' and not exists (
  select from carto_emulator.visualization_layers l join carto_emulator.visualizations d on d.id = l.dataset_id
  where l.visualization_id = v.id and d.privacy = 'PRIVATE')`

const privacies: Readonly<Record<string, string>> = {
  public: "PUBLIC",
  link: "LINK",
  private: "PRIVATE",
  password: "PASSWORD"
}

/** Only the owner may ask for a privacy, and see what others share. */
const readFilters = Effect.fnUntraced(function* (params: Params.Params, isOwner: boolean, schema: string) {
  const isOwn = `v.schema = ${quoteLiteral(schema)}`
  const conditions: Array<string> = isOwner ? [] : [isPublished, isOwn]
  const tags = list(params, "tags")
  if (tags.length > 0) conditions.push(`v.tags && array[${tags.map(quoteLiteral).join(", ")}]`)
  const privacy = Params.text(params, "privacy")
  if (isOwner && privacy !== undefined) {
    const known = privacies[privacy]
    if (known === undefined) return yield* fail("privacy", symbols(Object.keys(privacies)))
    conditions.push(`v.privacy = ${quoteLiteral(known)}`)
  }
  const locked = Params.text(params, "locked")
  if (locked !== undefined) conditions.push(`v.locked = ${locked === "true"}`)
  if (isTrue(params, "only_liked")) conditions.push("v.liked")
  if (isTrue(params, "only_with_display_name")) conditions.push("v.display_name is not null")
  if (isTrue(params, "only_published")) conditions.push("v.privacy <> 'PRIVATE'")
  if (isTrue(params, "exclude_raster")) conditions.push("v.kind <> 'raster'")
  const shared = Params.text(params, "shared")
  if (shared !== undefined && !["yes", "no", "only"].includes(shared)) {
    return yield* fail("shared", symbols(["yes", "no", "only"]))
  }
  if (shared === "only" || isTrue(params, "only_shared")) conditions.push(`not ${isOwn}`)
  if (shared === "no" || isTrue(params, "exclude_shared")) conditions.push(isOwn)
  if (["subscribed", "sample"].some((name) => isTrue(params, name))) conditions.push("false")
  return conditions
})

/** Reads and checks the parameters. Fails with 400 and `{"error": …}`. */
export const listQuery = Effect.fnUntraced(function* (
  params: Params.Params,
  isOwner: boolean,
  schema: string
): Effect.fn.Return<ListQuery, Refusal> {
  const asked = yield* readTypes(params)
  const { page, perPage } = yield* readPage(params, { perPage: 20, refusal })
  const orderBy = yield* readOrder(params)
  const filters = yield* readFilters(params, isOwner, schema)
  const bbox = yield* readBbox(params, asked)
  const search = readSearch(params)
  const ofTypes = `v.type in (${asked.map(quoteLiteral).join(", ")})`
  return {
    ofTypes,
    limit: perPage,
    offset: Math.min((page - 1) * perPage, Number.MAX_SAFE_INTEGER),
    where: [ofTypes, ...filters, ...bbox, ...(search === undefined ? [] : [search.where])].join(" and "),
    orderBy: search === undefined ? orderBy : `${search.rank}, ${orderBy}`
  }
})
