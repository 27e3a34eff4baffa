/** `/api/v1/tables`: the tables of datasets; there is no list and no delete (platform reference, §9). */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import { Auth } from "../Auth.ts"
import { Catalog } from "../catalog/Catalog.ts"
import { checkPlan } from "../catalog/changes.ts"
import { Plan } from "../catalog/Plan.ts"
import { tableDetail } from "../catalog/tableDetail.ts"
import type { Changes, Privacy, Visualization } from "../catalog/Visualization.ts"
import { Database, type DatabaseError } from "../Database.ts"
import * as Params from "../Params.ts"
import { missing, Refusal, refuse, unauthorized } from "../Refusal.ts"
import { quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import { accountRoute } from "./accountRoute.ts"
import { json, master, type Visit } from "./platform.ts"

const named = Effect.gen(function* () {
  const { id = "" } = yield* HttpRouter.params
  return (yield* (yield* Catalog).dataset(id)) ?? (yield* missing)
})

const read = Effect.fnUntraced(function* (visit: Visit) {
  return json(yield* tableDetail(visit, yield* named))
})

const isTexts = (value: unknown): value is ReadonlyArray<string> =>
  Array.isArray(value) && value.every(Predicate.isString)

/** Tags as a list or as a text with commas. */
const readTags = (value: unknown): ReadonlyArray<string> | undefined =>
  isTexts(value) ? value : Predicate.isString(value) ? value.split(",").map((tag) => tag.trim()) : undefined

const description = (params: Params.Params): Changes => {
  const tags = readTags(Params.get(params, "tags"))
  const text = Params.get(params, "description")
  return {
    ...(tags === undefined ? {} : { tags }),
    ...(Predicate.isString(text) || text === null ? { description: text } : {})
  }
}

/** What goes wrong at the creation of a table (E11). */
const notMade = ({ message }: DatabaseError) =>
  new Refusal({ status: 400, body: { description: [message], stack: [] } })

const create = Effect.fnUntraced(function* (visit: Visit) {
  const { params } = visit
  const database = yield* Database
  const catalog = yield* Catalog
  const { tableQuota } = yield* (yield* Plan).get
  if (tableQuota !== undefined && (yield* catalog.count("where type = 'table'")) >= tableQuota) {
    return yield* refuse(400, ["You have reached your table quota"])
  }
  const name = yield* catalog.freeTableName(Params.text(params, "name") ?? "")
  const { role, schema } = yield* Auth
  const table = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
  const query = Params.text(params, "from_query")
  const columns = Params.text(params, "schema") ?? "name text, description text"
  yield* database
    .rows(
      `create table ${table} ${query === undefined ? `(${columns}\n)` : `as ${query}\n`};
       select cartodb.cdb_cartodbfytable(${quoteLiteral(schema)}, ${quoteLiteral(table)}::regclass)`,
      { role }
    )
    .pipe(Effect.mapError(notMade))
  const made = yield* catalog.dataset(name)
  if (made === undefined) return yield* missing
  const dataset = (yield* catalog.update(made.id, description(params))) ?? made
  return HttpServerResponse.setHeader(
    json(yield* tableDetail(visit, dataset)),
    "location",
    `/tables/${dataset.table_id}`
  )
})

/** Values that are no degrees leave a row as it is. */
const georeference = (dataset: Visualization, latitude: string, longitude: string): string => {
  const degrees = (column: string, most: number) =>
    `case when ${column}::text ~ '^\\s*[-+]?\\d+(\\.\\d+)?\\s*$' then abs(${column}::text::float8) <= ${most} end`
  const [y, x] = [quoteIdentifier(latitude), quoteIdentifier(longitude)]
  return `update ${quoteIdentifier(dataset.schema)}.${quoteIdentifier(dataset.name)} set the_geom = cdb_latlng(${y}::text::float8, ${x}::text::float8)
    where ${degrees(y, 90)} and ${degrees(x, 180)}`
}

const privacies: ReadonlyArray<Privacy> = ["PRIVATE", "PUBLIC", "LINK"]

const change = Effect.fnUntraced(function* (visit: Visit) {
  const { params } = visit
  const database = yield* Database
  const dataset = yield* named
  if (!(yield* (yield* Catalog).mayWrite(dataset))) return yield* unauthorized
  const latitude = Params.text(params, "latitude_column")
  const longitude = Params.text(params, "longitude_column")
  if (latitude !== undefined && longitude !== undefined) {
    yield* database
      .rows(georeference(dataset, latitude, longitude), { role: (yield* Auth).role })
      .pipe(Effect.mapError(({ message }) => refuse(400, [message])))
  }
  const asked = Params.text(params, "privacy")
  const privacy = asked === undefined ? undefined : privacies[Number(asked)]
  if (asked !== undefined && privacy === undefined) return yield* refuse(400, ["privacy has an invalid value"])
  if (privacy !== undefined && privacy !== dataset.privacy) yield* checkPlan(dataset, privacy)
  const changed = yield* (yield* Catalog).update(dataset.id, {
    ...description(params),
    ...(privacy === undefined ? {} : { privacy }),
    updated_at: yield* Clock.currentTimeMillis
  })
  return json({ ...(yield* tableDetail(visit, changed ?? dataset)), warnings: [] })
})

/** The routes of tables. */
export const routes = Layer.mergeAll(
  accountRoute("POST", "tables", master({}, create)),
  accountRoute("GET", "tables/:id", master({}, read)),
  accountRoute("PUT", "tables/:id", master({}, change))
)
