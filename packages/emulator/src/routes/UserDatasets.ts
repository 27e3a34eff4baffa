/** `/api/v4/data/observatory`: the service to which users upload tables of their own (platform reference, §16.2). */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { DatabaseError } from "../Database.ts"
import { started } from "../formats/Format.ts"
import { isColumnType, UserDatasets } from "../observatory/UserDatasets.ts"
import * as Params from "../Params.ts"
import { type Refusal, refuse } from "../Refusal.ts"
import { accountRoute } from "./accountRoute.ts"
import { answer } from "./answer.ts"
import { missingHere, notImplemented } from "./notImplemented.ts"
import { json, optional, type PlatformOptions, type Visit } from "./platform.ts"

const badRequest = (text: string): Refusal => refuse(400, [text])

type Answer<R> = Effect.Effect<HttpServerResponse.HttpServerResponse, Refusal | DatabaseError, R>

/** This service tells its refusals as a list, those of keys included. */
const withDo = <R>(options: PlatformOptions, handle: (visit: Visit) => Answer<R>) =>
  optional(options, (visit) => {
    if (visit.key === undefined) return Effect.fail(refuse(401, ["Unauthorized"]))
    return visit.key.type === "master" || visit.key.apis.has("do")
      ? handle(visit)
      : Effect.fail(refuse(403, ["Forbidden"]))
  })

const Columns = Schema.Array(Schema.Struct({ name: Schema.NonEmptyString, type: Schema.String }))
const decodeColumns = Schema.decodeUnknownEffect(Columns)

/** A lifetime is accepted, and nothing is ever thrown away. */
const create = Effect.fnUntraced(function* ({ params }: Visit) {
  const name = Params.text(params, "id")
  if (name === undefined || !/^\w{1,24}$/.test(name)) {
    return yield* badRequest("id has to be a name of at most 24 letters, digits and underscores")
  }
  const columns = yield* Effect.mapError(decodeColumns(Params.get(params, "schema")), ({ message }) =>
    badRequest(message)
  )
  const typed = yield* Effect.forEach(columns, (column) => {
    const type = column.type.toUpperCase()
    return isColumnType(type)
      ? Effect.succeed({ name: column.name, type })
      : Effect.fail(badRequest(`unknown type ${column.type} of column ${column.name}`))
  })
  yield* (yield* UserDatasets).create(name, typed)
  return json({})
})

const onDataset = <R>(use: (name: string, visit: Visit) => Answer<R>) =>
  Effect.fnUntraced(function* (visit: Visit) {
    const { name = "" } = yield* HttpRouter.params
    if (!(yield* (yield* UserDatasets).exists(name))) return yield* refuse(404, [`dataset ${name} not found`])
    return yield* use(name, visit)
  })

const upload = onDataset((name, { request }) =>
  Effect.gen(function* () {
    const csv = yield* Effect.mapError(request.arrayBuffer, ({ message }) => badRequest(message))
    yield* (yield* UserDatasets).upload(name, new Uint8Array(csv))
    return json({})
  })
)

const startImport = onDataset((name) =>
  Effect.gen(function* () {
    return json({ item_queue_id: yield* (yield* UserDatasets).import(name) })
  })
)

const getImport = onDataset((name) =>
  Effect.gen(function* () {
    const { id = "" } = yield* HttpRouter.params
    const found = yield* (yield* UserDatasets).findImport(name, id)
    if (found === undefined) return yield* refuse(404, [`import ${id} not found`])
    return json({ status: found.status, ...(found.errors === null ? {} : { errors: found.errors }) })
  })
)

const download = onDataset((name, { params, request }) =>
  Effect.gen(function* () {
    const unknown = ["sql_query", "add_geom", "is_geography"].find((option) => {
      const value = Params.text(params, option)
      return value !== undefined && value.toLowerCase() !== "false"
    })
    if (unknown !== undefined) return notImplemented(`${unknown} of the Data Observatory`)
    const limit = Params.text(params, "limit")
    if (limit !== undefined && !/^\d{1,15}$/.test(limit)) return yield* badRequest("limit has to be a number")
    const bytes = (yield* UserDatasets).read(name, {
      limit: limit === undefined ? undefined : Number(limit),
      orderBy: Params.text(params, "order_by")
    })
    const csv = yield* Effect.mapError(started(bytes), ({ message }) => badRequest(message))
    return yield* answer(request, csv, { contentType: "text/csv; charset=utf-8", headers: {}, whole: false })
  })
)

const base = "data/observatory"

/** The routes of the other service; what the reference does not tell of it is not here. */
export const routes = Layer.mergeAll(
  accountRoute("POST", `${base}/user/datasets`, withDo({}, create)),
  accountRoute("POST", `${base}/user/datasets/:name`, withDo({ body: "data" }, upload)),
  accountRoute("GET", `${base}/user/datasets/:name`, withDo({}, download)),
  accountRoute("POST", `${base}/user/datasets/:name/imports`, withDo({}, startImport)),
  accountRoute("GET", `${base}/user/datasets/:name/imports/:id`, withDo({}, getImport)),
  accountRoute("*", `${base}/enrichment/*`, missingHere("enrichment by the Data Observatory")),
  accountRoute("*", `${base}/metadata/*`, missingHere("the metadata of the Data Observatory"))
)
