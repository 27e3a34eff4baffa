/** `/api/v4/data/observatory/user/datasets`: tables of users' own, and downloads of what they subscribe to (platform reference, §16.2). */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { started } from "../formats/Format.ts"
import { spool } from "../formats/spool.ts"
import { isColumnType } from "../observatory/columnTypes.ts"
import { entities, means } from "../observatory/entities.ts"
import { Observatory } from "../observatory/Observatory.ts"
import { placedViewOf, viewOf } from "../observatory/observatoryRole.ts"
import { Subscriptions } from "../observatory/Subscriptions.ts"
import { type UserDataset, UserDatasets } from "../observatory/UserDatasets.ts"
import { databaseFailure, Works } from "../observatory/Works.ts"
import * as Params from "../Params.ts"
import { refuse } from "../Refusal.ts"
import { isSelect, statements } from "../SqlText.ts"
import { accountRoute } from "./accountRoute.ts"
import { answer } from "./answer.ts"
import { type Answer, badRequest, base, isDatasetName, mayUse, namesAre, told, withDo } from "./observatory.ts"
import { json, type Visit } from "./platform.ts"

/** Longer names PostgreSQL would cut off. */
const ColumnName = Schema.NonEmptyString.check(
  Schema.makeFilter((name) => Buffer.byteLength(name) <= 63 || "a name of at most 63 bytes")
)
const Columns = Schema.NonEmptyArray(Schema.Struct({ name: ColumnName, type: Schema.String }))
const decodeColumns = Schema.decodeUnknownEffect(Columns)

const isLifetime = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0

const create = Effect.fnUntraced(function* ({ params }: Visit) {
  const name = Params.text(params, "id")
  if (name === undefined || !isDatasetName(name)) return yield* badRequest(`id ${namesAre}`)
  const columns = yield* Effect.mapError(decodeColumns(Params.get(params, "schema")), ({ message }) =>
    badRequest(message)
  )
  const typed = yield* Effect.forEach(columns, (column) => {
    const type = column.type.toUpperCase()
    return isColumnType(type)
      ? Effect.succeed({ name: column.name, type })
      : Effect.fail(badRequest(`unknown type ${column.type} of column ${column.name}`))
  })
  const seconds = Params.get(params, "ttl_seconds") ?? undefined
  if (seconds !== undefined && !isLifetime(seconds)) return yield* badRequest("ttl_seconds has to be a number above 0")
  const timeToLive = seconds === undefined ? undefined : Duration.seconds(seconds)
  const made = (yield* UserDatasets).create({ name, columns: typed, timeToLive })
  yield* Effect.mapError(made, (error) => badRequest(databaseFailure(error).join()))
  return json({})
})

const datasetNotFound = (name: string) => refuse(404, [`dataset ${name} not found`])

const onDataset = <R>(use: (dataset: UserDataset, visit: Visit) => Answer<R>) =>
  Effect.fnUntraced(function* (visit: Visit) {
    const { name = "" } = yield* HttpRouter.params
    const dataset = yield* (yield* UserDatasets).find(name)
    return yield* dataset === undefined ? datasetNotFound(name) : use(dataset, visit)
  })

const upload = onDataset((dataset, { params, request }) =>
  Effect.gen(function* () {
    const geometry = Params.text(params, "geom_column")
    if (geometry !== undefined && !dataset.columns.some(({ name }) => name === geometry)) {
      return yield* badRequest(`dataset ${dataset.name} has no column ${geometry}`)
    }
    const csv = yield* Effect.mapError(request.arrayBuffer, ({ message }) => badRequest(message))
    yield* (yield* UserDatasets).upload(dataset, new Uint8Array(csv), geometry)
    return json({})
  })
)

const importOf = (name: string): string => `import of ${name}`

const startImport = onDataset((dataset) =>
  Effect.gen(function* () {
    const work = (yield* UserDatasets).import(dataset)
    return json({ item_queue_id: yield* (yield* Works).start(importOf(dataset.name), work) })
  })
)

const getImport = onDataset(({ name }) =>
  Effect.gen(function* () {
    const { id = "" } = yield* HttpRouter.params
    const found = yield* (yield* Works).poll(importOf(name), id)
    return found === undefined ? yield* refuse(404, [`import ${id} not found`]) : json(told(found))
  })
)

const isOn = (params: Params.Params, name: string): boolean => Params.text(params, name)?.toLowerCase() === "true"

/** A user's dataset, or what is subscribed to by its id or slug, as it stands in a query. */
const sourceOf = Effect.fnUntraced(function* (name: string, { key, params }: Visit) {
  const type = isOn(params, "is_geography") ? "geography" : "dataset"
  const withPlaces = isOn(params, "add_geom")
  const own = type === "dataset" ? yield* (yield* UserDatasets).find(name) : undefined
  if (own !== undefined) {
    // Silence would pass for rows that have no place.
    return withPlaces ? yield* badRequest(`dataset ${name} belongs to no geography: add_geom adds nothing`) : own.table
  }
  const entity = entities.find((one) => one.type === type && means(name, one.id))
  if (entity === undefined) return yield* refuse(404, [`${type} ${name} not found`])
  if (!(yield* (yield* Subscriptions).active).has(entity.id)) {
    return yield* refuse(403, [`no active subscription to ${entity.id}`])
  }
  if (key !== undefined && !mayUse(key)(entity)) return yield* refuse(403, [`the key has no grant for ${entity.id}`])
  return entity.type === "dataset" && withPlaces ? placedViewOf(entity) : viewOf(entity)
})

/** A query names what it reads by a placeholder, as CARTO's own clients have it; its dialect here is PostgreSQL's. */
const readQuery = Effect.fnUntraced(function* (params: Params.Params, source: string) {
  const asked = Params.text(params, "sql_query")
  if (asked === undefined) return undefined
  const placeholder = isOn(params, "is_geography") ? "$geography$" : "$dataset$"
  if (!asked.includes(placeholder)) return yield* badRequest(`sql_query has to read from ${placeholder}`)
  const query = asked.replaceAll(placeholder, () => source)
  return statements(query).length === 1 && isSelect(query) ? query : yield* badRequest("sql_query has to be one SELECT")
})

const download = Effect.fnUntraced(function* (visit: Visit) {
  const { params, request } = visit
  const { name = "" } = yield* HttpRouter.params
  const limit = Params.text(params, "limit")
  if (limit !== undefined && !/^\d{1,15}$/.test(limit)) return yield* badRequest("limit has to be a number")
  const source = yield* sourceOf(name, visit)
  const query = yield* readQuery(params, source)
  const { read } = yield* Observatory
  const options = {
    limit: limit === undefined ? undefined : Number(limit),
    orderBy: Params.text(params, "order_by"),
    query
  }
  const csv = yield* read(source, options).pipe(
    // A query is run to its end first, so that what fails in a late row can be told.
    Effect.flatMap((bytes) => started(query === undefined ? bytes : spool(bytes))),
    Effect.mapError((error) => badRequest(databaseFailure(error).join()))
  )
  return yield* answer(request, csv, { contentType: "text/csv; charset=utf-8", headers: {}, whole: false })
})

/** The routes of users' datasets. */
export const routes = Layer.mergeAll(
  accountRoute("POST", `${base}/user/datasets`, withDo({}, create)),
  accountRoute("POST", `${base}/user/datasets/:name`, withDo({ body: "data" }, upload)),
  accountRoute("GET", `${base}/user/datasets/:name`, withDo({}, download)),
  accountRoute("POST", `${base}/user/datasets/:name/imports`, withDo({}, startImport)),
  accountRoute("GET", `${base}/user/datasets/:name/imports/:id`, withDo({}, getImport))
)
