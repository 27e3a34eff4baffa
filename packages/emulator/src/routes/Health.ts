/** `/api/v1/version` and `/api/v1/health`: no account, no key. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { Database } from "../Database.ts"

const json = (value: unknown, status = 200) =>
  HttpServerResponse.text(JSON.stringify(value), { status, contentType: "application/json; charset=utf-8" })

const version = json({ cartodb_sql_api: "6.0.0" })

/** 200 while the database answers, 503 with its error when not; `elapsed` is milliseconds. */
const health = Effect.gen(function* () {
  const database = yield* Database
  const start = yield* Clock.currentTimeMillis
  const error = yield* database
    .rows("SELECT 1")
    .pipe(Effect.match({ onFailure: ({ message }) => message, onSuccess: () => undefined }))
  const elapsed = (yield* Clock.currentTimeMillis) - start
  return json({ enabled: true, ok: error === undefined, elapsed, err: error }, error === undefined ? 200 : 503)
})

/** The routes of the operators' endpoints. */
export const routes = Layer.mergeAll(
  HttpRouter.add("GET", "/api/:version/version", version),
  HttpRouter.add("GET", "/api/:version/health", health)
)
