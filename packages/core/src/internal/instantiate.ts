/** The request that makes a map of a configuration or a template, and what is common to both. */
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as Redacted from "effect/Redacted"
import type { CartoClient, RequestOptions } from "../CartoClient.ts"
import type { CartoError } from "../CartoError.ts"
import { Layergroup, LayergroupAnswer } from "../Layergroup.ts"
import { MapFilters } from "../MapFilters.ts"
import { encoded } from "./mapBody.ts"

export interface InstantiateOptions {
  /** They act on the tiles and on all other dataviews of the same source; a map with others has another id. */
  readonly filters?: MapFilters | undefined
  /** Whether points are aggregated, whatever the layers say. */
  readonly aggregation?: boolean | undefined
}

/** Doing it twice is the same: the server gives the same id for the same map. */
export const instantiate = (
  carto: CartoClient["Service"],
  operation: string,
  request: HttpClientRequest.HttpClientRequest,
  options: Pick<RequestOptions, "group" | "secrets">
): Effect.Effect<Layergroup, CartoError> =>
  Effect.map(
    carto.json(operation, LayergroupAnswer, request, { ...options, mayRepeat: () => true }),
    (answer) => new Layergroup({ ...answer, baseUrl: carto.account.baseUrl, user: carto.account.user })
  )

/** The parameters of the request. */
export const parameters = Effect.fnUntraced(function* (
  operation: string,
  { aggregation, filters }: InstantiateOptions
): Effect.fn.Return<Readonly<Record<string, string>>, CartoError> {
  return {
    ...(filters === undefined
      ? {}
      : { filters: JSON.stringify(yield* encoded(operation, "a filter", MapFilters, filters)) }),
    ...(aggregation === undefined ? {} : { aggregation: String(aggregation) })
  }
})

export const withToken = (
  request: HttpClientRequest.HttpClientRequest,
  token: Redacted.Redacted | undefined
): HttpClientRequest.HttpClientRequest =>
  token === undefined ? request : HttpClientRequest.setUrlParam(request, "auth_token", token)
