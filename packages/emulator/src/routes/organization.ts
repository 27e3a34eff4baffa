/** Who may ask for an organization, and who may change it. */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { ApiKey } from "../Auth.ts"
import type { DatabaseError } from "../Database.ts"
import { Refusal } from "../Refusal.ts"
import { Account } from "../users/Account.ts"
import type { Organization } from "../users/Person.ts"
import { master, type Visit } from "./platform.ts"

export type Answer<R> = Effect.Effect<HttpServerResponse.HttpServerResponse, Refusal | DatabaseError, R>

/** Not this organization's, or not its administrator (E14). */
const stranger = new Refusal({ status: 401, body: {} })

export interface Managed extends Visit<ApiKey> {
  readonly organization: Organization
}

/** For every member: the organization by its id or, unless only that will do, by its name. */
export const managed = <R>(by: "id" | "any", handle: (visit: Managed) => Answer<R>) =>
  master({}, (visit) =>
    Effect.gen(function* () {
      const { organization } = yield* Account
      const { org } = yield* HttpRouter.params
      const isIt = organization?.id === org || (by === "any" && organization?.name === org)
      return yield* organization !== undefined && isIt ? handle({ ...visit, organization }) : Effect.fail(stranger)
    })
  )

/** For the owner and the administrators. */
export const managers = <R>(handle: (visit: Managed) => Answer<R>) =>
  managed("any", (visit) =>
    Effect.gen(function* () {
      return yield* (yield* Account).me.org_admin ? handle(visit) : Effect.fail(stranger)
    })
  )
