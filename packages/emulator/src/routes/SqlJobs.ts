/** `/api/v2/sql/job`: batch jobs (SQL reference, §7), and `/api/v2/jobs-wip`, which tells the one that runs. */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { type ApiError, badRequest } from "../ApiError.ts"
import { Auth } from "../Auth.ts"
import * as Job from "../jobs/Job.ts"
import { Jobs } from "../jobs/Jobs.ts"
import * as Params from "../Params.ts"
import { accountRoute } from "./accountRoute.ts"
import { type Exchange, endpoint, servedByDatabase } from "./endpoint.ts"

/** Characters of the body as compact JSON. */
const maxSize = 16_384

const json = (text: string, status = 200) =>
  HttpServerResponse.text(text, {
    status,
    contentType: "application/json; charset=utf-8",
    headers: servedByDatabase
  })

/** The real servers look at the size before the rate limit and the key. */
const sized = ({ params }: Exchange) => {
  const { length } = JSON.stringify(Object.fromEntries(params.body))
  return length <= maxSize
    ? Effect.void
    : badRequest(
        `Your payload is too large: ${length} bytes. Max size allowed is ${maxSize} bytes (${maxSize / 1024}kb). Are you trying to import data?. Please, check out import api http://docs.cartodb.com/cartodb-platform/import-api/`
      )
}

const create = Effect.fnUntraced(function* (exchange: Exchange) {
  yield* sized(exchange)
  const jobs = yield* Jobs
  const query = Params.get(exchange.params, "query")
  if (query === undefined || query === null || query === "") return yield* badRequest("You must indicate a valid SQL")
  const asked = Job.read(query)
  if (asked === undefined) return yield* badRequest("there is no job class for the provided query")
  return json(Job.created(yield* jobs.create(asked)), 201)
})

const onOne = (use: (jobs: Jobs["Service"], id: string) => Effect.Effect<Job.Job, ApiError>) =>
  Effect.fnUntraced(function* () {
    const jobs = yield* Jobs
    const { id = "" } = yield* HttpRouter.params
    return json(Job.toJson(yield* use(jobs, id)))
  })

/** No key is asked for. */
const inProgress = Effect.gen(function* () {
  const { user } = yield* Auth
  const id = yield* (yield* Jobs).running
  return HttpServerResponse.text(JSON.stringify(id === undefined ? {} : { [user]: [id] }), {
    contentType: "application/json; charset=utf-8"
  })
})

/** The routes of batch jobs. */
export const routes = Layer.mergeAll(
  accountRoute("POST", "sql/job", endpoint({ group: "job_create", body: "parameters", key: "master" }, create)),
  accountRoute(
    "GET",
    "sql/job/:id",
    endpoint(
      { group: "job_get", body: "parameters", key: "master" },
      onOne((jobs, id) => jobs.get(id))
    )
  ),
  accountRoute(
    "DELETE",
    "sql/job/:id",
    endpoint(
      { group: "job_delete", body: "parameters", key: "master" },
      onOne((jobs, id) => jobs.cancel(id))
    )
  ),
  HttpRouter.add("GET", "/api/:version/jobs-wip", inProgress)
)
