/** Requests about subscriptions to the Data Observatory (platform reference, §16.1). */
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import type { CartoClient, RequestOptions } from "../CartoClient.ts"
import { CartoError, JobError, NotFoundError } from "../CartoError.ts"
import type { SubscriptionListOptions } from "../DataObservatory.ts"
import { DataSubscription, type EntityId, EntityInfo, SubscriptionInfo, SyncState, Token } from "../DataSubscription.ts"
import { confidentialJson } from "./confidential.ts"
import { deletion } from "./deletion.ts"
import { inWords } from "./inWords.ts"
import { needsObservatory } from "./observatoryAdvice.ts"
import type { WorkPollOptions } from "./observatoryWork.ts"
import { path } from "./path.ts"
import * as Poll from "./poll.ts"

const api = "/api/v4/do"
const shown: RequestOptions = { credential: "parameter" }
const once: RequestOptions = { ...shown, mayRepeat: (error) => error.isSurelyUndone }

const List = Schema.Struct({ subscriptions: Schema.Array(DataSubscription) })

/** Longer than a copy takes that is not lost. */
const stalledAfter = "2 hours"

export const make = (carto: CartoClient["Service"]) => {
  const at = (id: EntityId) => `${api}/subscriptions${path`/${id}`}`

  const ask = <S extends Schema.ConstraintDecoder<unknown>>(
    operation: string,
    schema: S,
    request: HttpClientRequest.HttpClientRequest,
    options: RequestOptions = shown
  ) => Effect.mapError(carto.json(operation, schema, request, options), needsObservatory)

  const withBody = (request: HttpClientRequest.HttpClientRequest, body: Schema.Json) =>
    HttpClientRequest.bodyJsonUnsafe(request, body)

  const syncState = (operation: string, id: EntityId) =>
    ask(operation, SyncState, HttpClientRequest.get(`${at(id)}/sync`))

  const lost = (operation: string, id: EntityId, state: SyncState, message: string, remedy: string) =>
    new CartoError({
      operation,
      reason: new JobError({ jobId: id, jobStatus: state.sync_status ?? "unknown", message, remedy })
    })

  const sync = Effect.fnUntraced(function* (operation: string, id: EntityId, options: WorkPollOptions) {
    const initial = yield* ask(operation, SyncState, HttpClientRequest.post(`${at(id)}/sync`), once)
    const state = yield* Poll.wait(
      {
        operation,
        initial,
        read: syncState(operation, id),
        cancel: Effect.void,
        state: ({ sync_status }) => sync_status ?? "",
        isOver: ({ sync_status }) => sync_status === "synced" || sync_status === "unsyncable",
        stalledAfter,
        stalled: (state, after) =>
          lost(
            operation,
            id,
            state,
            `the copy of ${id} has stood still for ${inWords(after)}`,
            "Unsync it and sync it again; if that does not help, ask the operator of the server."
          )
      },
      options
    )
    if (state.sync_status === "synced") return state
    const why = state.unsyncable_reason == null ? "" : `: ${carto.clean(state.unsyncable_reason)}`
    return yield* lost(
      operation,
      id,
      state,
      `${id} cannot be copied into the account${why}`,
      "Read it where it is stored, with DataObservatory.token."
    )
  })

  return {
    token: (operation: string) =>
      Effect.mapError(
        confidentialJson(carto, operation, Token, HttpClientRequest.get(`${api}/token`), shown),
        needsObservatory
      ),
    list: (operation: string, options: SubscriptionListOptions) =>
      Effect.map(
        ask(operation, List, HttpClientRequest.get(`${api}/subscriptions`, { urlParams: listParameters(options) })),
        ({ subscriptions }) => subscriptions
      ),
    get: Effect.fnUntraced(function* (operation: string, id: EntityId) {
      const found = yield* ask(operation, Schema.NullOr(DataSubscription), HttpClientRequest.get(at(id)))
      if (found !== null) return found
      return yield* new CartoError({
        operation,
        reason: new NotFoundError({ status: 200, message: `the account has no subscription to ${id}` })
      })
    }),
    info: (operation: string, id: EntityId, type: string | undefined) =>
      ask(
        operation,
        SubscriptionInfo,
        HttpClientRequest.get(`${api}/subscription_info`, {
          urlParams: { id, ...(type === undefined ? {} : { type }) }
        })
      ),
    subscribe: (operation: string, { id, type }: SubscriptionInfo) =>
      ask(
        operation,
        SubscriptionInfo,
        withBody(HttpClientRequest.post(`${api}/subscriptions`), { id, ...(type == null ? {} : { type }) }),
        once
      ),
    unsubscribe: (operation: string, id: EntityId) =>
      Effect.mapError(
        deletion(carto, operation, HttpClientRequest.delete(`${api}/subscriptions`, { urlParams: { id } }), shown),
        needsObservatory
      ),
    requestAccess: (operation: string, id: EntityId, clouds: ReadonlyArray<string>) =>
      ask(
        operation,
        DataSubscription,
        withBody(
          HttpClientRequest.put(at(id)),
          Object.fromEntries(clouds.map((cloud) => [`full_access_status_${cloud}`, "requested"]))
        )
      ),
    entityInfo: (operation: string, id: EntityId) =>
      ask(operation, EntityInfo, HttpClientRequest.get(`${api}/entity_info`, { urlParams: { entity_id: id } })),
    syncState,
    sync,
    unsync: (operation: string, id: EntityId) =>
      Effect.mapError(deletion(carto, operation, HttpClientRequest.delete(`${at(id)}/sync`), shown), needsObservatory),
    sample: (operation: string, id: EntityId) =>
      Effect.mapError(carto.text(operation, HttpClientRequest.post(`${at(id)}/sample`), once), needsObservatory)
  }
}

const listParameters = (options: SubscriptionListOptions): Readonly<Record<string, string>> => ({
  ...(options.status === undefined ? {} : { status: options.status }),
  ...(options.type === undefined ? {} : { type: options.type }),
  ...(options.orderBy === undefined ? {} : { order: options.orderBy }),
  ...(options.direction === undefined ? {} : { order_direction: options.direction })
})
