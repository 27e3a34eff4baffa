/** Options of a query as the parameters of the SQL API (SQL reference, §6.1). */
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { RequestOptions } from "../CartoClient.ts"
import type { CartoError } from "../CartoError.ts"
import type { Plan } from "./sqlPlan.ts"

export type Parameters = Readonly<Record<string, string | number | undefined>>

const present = (parameters: Parameters): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  )

/** POST carries statements of any length and stays out of logs; GET can be answered by a cache. */
export const sqlRequest = (
  path: string,
  method: "GET" | "POST",
  parameters: Parameters
): HttpClientRequest.HttpClientRequest =>
  method === "GET"
    ? HttpClientRequest.get(path, { urlParams: present(parameters) })
    : HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(path), present(parameters))

/** By its text, not by its method: GET may write too. */
export const repeatOptions = (
  group: NonNullable<RequestOptions["group"]>,
  plan: Pick<Plan, "isRepeatable">
): RequestOptions => ({
  group,
  mayRepeat: (error: CartoError) => plan.isRepeatable || error.isSurelyUndone
})
