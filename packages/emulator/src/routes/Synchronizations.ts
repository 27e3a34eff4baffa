/** `/api/v1/synchronizations`: datasets that follow a source (platform reference, §7). */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { Auth } from "../Auth.ts"
import { Plan } from "../catalog/Plan.ts"
import type { DatabaseError } from "../Database.ts"
import { missing, type Refusal, unauthorized } from "../Refusal.ts"
import { Synchronizations } from "../synchronizations/Synchronizations.ts"
import { parse, read, uncaught } from "../synchronizations/synchronizationRequest.ts"
import { accountRoute } from "./accountRoute.ts"
import { master, optional, type Visit } from "./platform.ts"

const json = (value: unknown) =>
  HttpServerResponse.text(JSON.stringify(value), { contentType: "application/json; charset=utf-8" })

/** An account without sync tables is answered as a wrong key is. */
const enabled = Effect.flatMap(Plan, (plan) =>
  Effect.flatMap(plan.get, ({ synchronizations }) => (synchronizations ? Effect.void : Effect.fail(unauthorized)))
)

/** The raw JSON body, which may hold the key, too. */
const bodyOf = Effect.fnUntraced(function* ({ params, request }: Visit) {
  const auth = yield* Auth
  const text = yield* Effect.mapError(request.text, () => uncaught)
  const body = yield* Effect.exit(parse(text))
  const fields = body._tag === "Success" ? new Map(Object.entries(body.value)) : new Map<string, unknown>()
  const key = yield* auth.identify(request.headers.authorization, { query: params.query, body: fields })
  if (key?.type !== "master") return yield* unauthorized
  yield* enabled
  return yield* body
})

const found = Effect.gen(function* () {
  const { id = "" } = yield* HttpRouter.params
  const one = yield* (yield* Synchronizations).get(id)
  return one === undefined ? yield* missing : one
})

const create = Effect.fnUntraced(function* (visit: Visit) {
  const request = yield* read(yield* bodyOf(visit))
  const synchronizations = yield* Synchronizations
  const { importId, synchronization } = yield* synchronizations.create(request)
  return json({
    data_import: { endpoint: "/api/v1/imports", item_queue_id: importId },
    ...(yield* synchronizations.show(synchronization, "+00:00"))
  })
})

const update = Effect.fnUntraced(function* (visit: Visit) {
  const body = yield* bodyOf(visit)
  const one = yield* found
  const synchronizations = yield* Synchronizations
  yield* synchronizations.update(one, body)
  return json(yield* synchronizations.show(one, "+00:00"))
})

const list = Effect.gen(function* () {
  const synchronizations = yield* Synchronizations
  const all = yield* synchronizations.all
  const shown = yield* Effect.forEach(all, (one) => synchronizations.show(one, "Z"))
  return json({ synchronizations: shown, total_entries: all.length })
})

const runNow = Effect.gen(function* () {
  const one = yield* found
  const enqueued = yield* (yield* Synchronizations).runNow(one)
  return json({ enqueued, synchronization_id: one.id })
})

const remove = Effect.gen(function* () {
  const one = yield* found
  yield* (yield* Synchronizations).remove(one)
  return HttpServerResponse.empty({ status: 204 })
})

const owner = <R>(effect: Effect.Effect<HttpServerResponse.HttpServerResponse, Refusal | DatabaseError, R>) =>
  master({ body: "data" }, () => Effect.andThen(enabled, effect))

const get = Effect.gen(function* () {
  const one = yield* found
  return json(yield* (yield* Synchronizations).show(one, "Z"))
})

/** A cheap look at the state; nothing is started. */
const getState = Effect.map(found, ({ state }) => json({ state }))

/** The routes of synchronizations. */
export const routes = Layer.mergeAll(
  accountRoute("POST", "synchronizations", optional({ body: "data" }, create)),
  accountRoute("GET", "synchronizations", owner(list)),
  accountRoute("GET", "synchronizations/:id", owner(get)),
  accountRoute("PUT", "synchronizations/:id", optional({ body: "data" }, update)),
  accountRoute("DELETE", "synchronizations/:id", owner(remove)),
  accountRoute("GET", "synchronizations/:id/sync_now", owner(getState)),
  accountRoute("PUT", "synchronizations/:id/sync_now", owner(runNow))
)
