/** Whether a key is good, and for what: no single endpoint tells (platform reference, §2.3, §12, §14.3). */
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { ApiKey, abilities } from "../ApiKey.ts"
import type { ApiKeyCheck } from "../ApiKeys.ts"
import type { Auth } from "../Auth.ts"
import type { CartoClient } from "../CartoClient.ts"
import { CartoError, NotFoundError } from "../CartoError.ts"
import { Me } from "../User.ts"
import { confidentialJson } from "./confidential.ts"
import { maybe } from "./optional.ts"
import { publicKey } from "./publicKey.ts"

/** The master key is the first of all, every other one the only one. */
const Keys = Schema.Struct({ result: Schema.Array(ApiKey) })
const Dashboard = Schema.Struct({ user_data: maybe(Schema.Struct({ username: Schema.String })) })

interface Context {
  readonly carto: CartoClient["Service"]
  readonly auth: Auth["Service"]
}

export const check = Effect.fnUntraced(function* (
  { auth, carto }: Context,
  operation: string,
  given: Redacted.Redacted | undefined
): Effect.fn.Return<ApiKeyCheck, CartoError> {
  const apiKey = given ?? Option.getOrElse(yield* auth.apiKey, () => publicKey)

  /** What the server tells this key; undefined where it has no such endpoint for the account. */
  const ask = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, address: string) =>
    confidentialJson(carto, operation, schema, HttpClientRequest.get(address), { apiKey }).pipe(
      Effect.map((answer): S["Type"] | undefined => answer),
      Effect.catchIf(
        ({ reason }) => reason._tag === "NotFoundError",
        () => Effect.undefined
      )
    )

  const look = Effect.gen(function* () {
    const me = yield* ask(Me, "/api/v4/me")
    const listed = yield* ask(Keys, "/api/v3/api_keys?page=1&per_page=1")
    if (me === undefined && listed === undefined) {
      return yield* new CartoError({
        operation,
        reason: new NotFoundError({
          status: 404,
          message: `the server knows no user ${carto.account.user} who can be asked for keys, or has locked the account`
        })
      })
    }
    const key = listed?.result.find(({ token }) => Redacted.value(token) === Redacted.value(apiKey))
    // Without the API for keys there is still one endpoint that takes notice of the master key only.
    const dashboard = listed === undefined ? yield* ask(Dashboard, "/api/v3/me") : undefined
    const type = key?.type ?? (dashboard?.user_data == null ? undefined : "master")
    return {
      _tag: "Good",
      type,
      name: key?.name,
      username: me?.username ?? carto.account.user,
      organization: me?.organization?.name,
      abilities:
        key === undefined ? (type === undefined ? undefined : abilities({ type, grants: [] })) : abilities(key),
      me
    } as const
  })

  return yield* Effect.catchIf(
    look,
    ({ reason }) => reason._tag === "AuthError" && reason.status === 401,
    ({ reason }) => Effect.succeed({ _tag: "Refused", message: reason.message } as const)
  )
})
