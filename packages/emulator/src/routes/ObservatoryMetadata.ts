/** `/api/v4/data/observatory/metadata`: the catalog, public and the same for whoever asks (platform reference, §16.2). */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Layer from "effect/Layer"
import * as Metadata from "../observatory/metadata.ts"
import * as Params from "../Params.ts"
import { type Refusal, refuse, toResponse } from "../Refusal.ts"
import { accountRoute } from "./accountRoute.ts"
import { base } from "./observatory.ts"
import { json } from "./platform.ts"

/** What every client may send, and filters nothing. */
const others: ReadonlySet<string> = new Set(["api_key", "client"])

/** A filter that is unknown is refused: what it was to leave out would be in the list unnoticed. */
const readFilters = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const asked = new Map<Metadata.Filter, ReadonlyArray<string>>()
  for (const [name, value] of Params.query(request)) {
    if (others.has(name)) continue
    if (!Metadata.isFilter(name)) {
      return yield* refuse(400, [`unknown filter ${name}; there are ${Metadata.filters.join(", ")}`])
    }
    asked.set(name, [value].flat().map(String))
  }
  return asked
})

const entity = Effect.flatMap(HttpRouter.params, ({ entity = "" }) =>
  Metadata.isMetadataEntity(entity) ? Effect.succeed(entity) : Effect.fail(refuse(404, [`no entity ${entity}`]))
)

const find = (entity: Metadata.MetadataEntity) =>
  Effect.flatMap(HttpRouter.params, ({ id = "" }) => {
    const found = Metadata.find(entity, id)
    return found === undefined ? Effect.fail(refuse(404, [`${entity}: ${id} not found`])) : Effect.succeed(found)
  })

const list = Effect.gen(function* () {
  const asked = yield* readFilters(yield* HttpServerRequest.HttpServerRequest)
  return json(Metadata.list(yield* entity, asked))
})

const get = Effect.flatMap(entity, (entity) => Effect.map(find(entity), (found) => json(found)))

const variables = Effect.gen(function* () {
  const asked = yield* readFilters(yield* HttpServerRequest.HttpServerRequest)
  const { id } = yield* find("datasets")
  return json(Metadata.list("variables", new Map([...asked, ["dataset", [id]]])))
})

const answered = <A, R>(effect: Effect.Effect<A, Refusal, R>) =>
  Effect.catchTag(effect, "Refusal", (refusal) => Effect.succeed(toResponse(refusal)))

/** The routes of the catalog. */
export const routes = Layer.mergeAll(
  accountRoute("GET", `${base}/metadata/:entity`, answered(list)),
  accountRoute("GET", `${base}/metadata/:entity/:id`, answered(get)),
  accountRoute("GET", `${base}/metadata/datasets/:id/variables`, answered(variables))
)
