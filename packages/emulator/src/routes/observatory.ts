/** What endpoints of the Data Observatory's own service have in common (platform reference, §16.2). */
import * as Effect from "effect/Effect"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { ApiKey } from "../Auth.ts"
import type { DatabaseError } from "../Database.ts"
import type { MayUse } from "../observatory/Observatory.ts"
import type { Work } from "../observatory/Works.ts"
import { type Refusal, refuse } from "../Refusal.ts"
import { optional, type PlatformOptions, type Visit } from "./platform.ts"

export const base = "data/observatory"

export const badRequest = (text: string): Refusal => refuse(400, [text])

export type Answer<R> = Effect.Effect<HttpServerResponse.HttpServerResponse, Refusal | DatabaseError, R>

/** This service tells its refusals as a list, those of keys included. */
export const withDo = <R>(options: PlatformOptions, handle: (visit: Visit) => Answer<R>) =>
  optional(options, (visit) => {
    if (visit.key === undefined) return Effect.fail(refuse(401, ["Unauthorized"]))
    return visit.key.type === "master" || visit.key.apis.has("do")
      ? handle(visit)
      : Effect.fail(refuse(403, ["Forbidden"]))
  })

/** Names of users' datasets; the reference does not tell which there may be. */
export const isDatasetName = (name: string): boolean => /^\w{1,24}$/.test(name)
export const namesAre = "has to be a name of at most 24 letters, digits and underscores"

/** How far a piece of work is. */
export const told = ({ errors, status }: Work) => ({ status, ...(errors === null ? {} : { errors }) })

/** A key with the grant `data-observatory` is held to its datasets, another one to none: the reference tells no effect. */
export const mayUse =
  ({ datasets }: ApiKey): MayUse =>
  ({ id }) =>
    datasets === undefined || datasets.includes(id)
