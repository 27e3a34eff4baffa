/** `/api/v4/data/observatory/enrichment`: columns of the Data Observatory for users' datasets (platform reference, §16.2). */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { EnrichmentRequest } from "../observatory/EnrichmentRequest.ts"
import { Observatory } from "../observatory/Observatory.ts"
import { Works } from "../observatory/Works.ts"
import { refuse } from "../Refusal.ts"
import { accountRoute } from "./accountRoute.ts"
import { badRequest, base, isDatasetName, mayUse, namesAre, told, withDo } from "./observatory.ts"
import { json, type Visit } from "./platform.ts"

const decode = Schema.decodeUnknownEffect(EnrichmentRequest)

const subject = "enrichment"

/** What cannot be read is refused; what has to be looked up is told by the job. */
const start = Effect.fnUntraced(function* ({ key, params }: Visit) {
  const request = yield* Effect.mapError(decode(Object.fromEntries(params.body)), ({ message }) => badRequest(message))
  if (!isDatasetName(request.output)) return yield* badRequest(`output ${namesAre}`)
  const work = (yield* Observatory).enrich(request, key === undefined ? () => false : mayUse(key))
  return json({ job_id: yield* (yield* Works).start(subject, work) })
})

const status = Effect.fnUntraced(function* () {
  const { id = "" } = yield* HttpRouter.params
  const found = yield* (yield* Works).poll(subject, id)
  return found === undefined ? yield* refuse(404, [`enrichment ${id} not found`]) : json(told(found))
})

/** The routes of enrichments. */
export const routes = Layer.mergeAll(
  accountRoute("POST", `${base}/enrichment`, withDo({}, start)),
  accountRoute("GET", `${base}/enrichment/:id/status`, withDo({}, status))
)
