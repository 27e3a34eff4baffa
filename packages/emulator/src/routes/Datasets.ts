/** `GET /api/v4/datasets`: what a key may read and write, views included (platform reference, §13). */
import * as Effect from "effect/Effect"
import { type ApiKey, Auth } from "../Auth.ts"
import { Plan } from "../catalog/Plan.ts"
import { datasetNames } from "../keys/datasetNames.ts"
import { internalError, missing } from "../Refusal.ts"
import { accountRoute } from "./accountRoute.ts"
import { directions, envelope, readOneOf, readPage, slice } from "./paging.ts"
import { json, permitted, type Visit } from "./platform.ts"

const list = Effect.fnUntraced(function* (visit: Visit<ApiKey>) {
  // The application takes the key of the parameter for granted once somebody is known by a Basic header.
  if (!visit.isShown) return yield* internalError
  const { engine } = yield* (yield* Plan).get
  if (!engine) return yield* missing
  const page = yield* readPage(visit.params, { perPage: 20 })
  yield* readOneOf(visit.params, "order", ["name"], { otherwise: "name" })
  const direction = yield* readOneOf(visit.params, "order_direction", directions, { otherwise: "asc" })
  const ascending = yield* datasetNames(visit.key.role)
  const names = direction === "desc" ? ascending.toReversed() : ascending
  const { schema } = yield* Auth
  const result = slice(names, page).map(({ privacy, updated_at, ...name }) => ({
    ...name,
    cartodbfied: privacy !== null,
    shared: name.table_schema !== schema,
    privacy,
    updated_at: updated_at === null ? null : new Date(updated_at).toISOString()
  }))
  return json(envelope(visit, page, names.length, result))
})

const may = ({ tableMetadata, type }: ApiKey): boolean => type === "master" || tableMetadata

/** The one route; the platform's other lists of datasets are those of visualizations. */
export const routes = accountRoute("GET", "datasets", permitted({}, may, list))
