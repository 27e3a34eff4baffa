/**
 * API keys and what each may do, `/api/v3/api_keys` (platform reference, §12).
 *
 * A key cannot be changed: other grants are another key, with another token.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import { type Abilities, ApiKey } from "./ApiKey.ts"
import type { ApiKeyGrant } from "./ApiKeyGrants.ts"
import { Auth } from "./Auth.ts"
import { CartoClient, type RequestOptions } from "./CartoClient.ts"
import type { CartoError } from "./CartoError.ts"
import { advised, notFoundAs } from "./internal/advised.ts"
import * as Check from "./internal/checkKey.ts"
import { confidentialJson } from "./internal/confidential.ts"
import { deletion } from "./internal/deletion.ts"
import { grantSections } from "./internal/grantSections.ts"
import { mayWrite } from "./internal/mayWrite.ts"
import { ownSchema } from "./internal/ownSchema.ts"
import { pages } from "./internal/pages.ts"
import { path } from "./internal/path.ts"
import type { Me } from "./User.ts"

/** Whose keys are meant: one's own, or for owners and administrators of an organization those of a member. */
export interface KeyOwner {
  readonly user?: string | undefined
}

export interface ApiKeyListOptions extends KeyOwner {
  /** Default all. */
  readonly types?: ReadonlyArray<"master" | "default" | "regular"> | undefined
  /** Among those of one type; the master key always comes first, then the public one. */
  readonly orderBy?: "name" | "updated_at" | undefined
}

export interface ApiKeysOptions {
  /** Refuse every change. */
  readonly readOnly?: boolean | undefined
}

/** What a key is good for. */
export type ApiKeyCheck =
  | {
      readonly _tag: "Good"
      /** `master`, `default` or `regular`; undefined when the account has no API for keys, or hides this one. */
      readonly type: string | undefined
      readonly name: string | undefined
      readonly username: string
      readonly organization: string | undefined
      /** Undefined when nobody can tell. */
      readonly abilities: Abilities | undefined
      /** Undefined on servers too old for it. */
      readonly me: Me | undefined
    }
  | {
      /** Unknown, deleted, regenerated, expired, or another account's: the server does not say which. */
      readonly _tag: "Refused"
      readonly message: string
    }

/** Changes need the master key; every other key sees itself and no other. */
export class ApiKeys extends Context.Service<
  ApiKeys,
  {
    /** Makes a regular key. Not sent again when it may have arrived. The token is in the answer, and can be read again. */
    readonly create: (
      name: string,
      grants: ReadonlyArray<ApiKeyGrant>,
      owner?: KeyOwner
    ) => Effect.Effect<ApiKey, CartoError>
    /** Each key once, with its token, page by page as they are pulled. */
    readonly list: (options?: ApiKeyListOptions) => Stream.Stream<ApiKey, CartoError>
    /** The key of this name. Names are case sensitive; those of everybody are `Master` and `Default public`. */
    readonly get: (name: string, owner?: KeyOwner) => Effect.Effect<ApiKey, CartoError>
    /**
     * Gives the key another token; the old one is refused from then on. With one's own `Master`, this client goes on
     * with the new token, and who else holds the old one is locked out. Not sent again when it may have arrived.
     */
    readonly regenerate: (name: string, owner?: KeyOwner) => Effect.Effect<ApiKey, CartoError>
    /** Deletes a regular key, at once for everybody who holds it. Its tables stay. */
    readonly delete: (name: string, owner?: KeyOwner) => Effect.Effect<void, CartoError>
    /**
     * Whether a key is good, and for what: by default the client's own, or without one the public key. Fails only when
     * nobody can tell, such as without a network or for a locked account.
     */
    readonly check: (key?: Redacted.Redacted) => Effect.Effect<ApiKeyCheck, CartoError>
  }
>()("carto/ApiKeys") {
  static readonly layer = (options?: ApiKeysOptions): Layer.Layer<ApiKeys, never, CartoClient | Auth> =>
    Layer.effect(ApiKeys, make(options ?? {}))
}

const List = Schema.Struct({ result: Schema.Array(ApiKey), total: Schema.optionalKey(Schema.Int) })

const api = "/api/v3/api_keys"
const pageSize = 100

const once: RequestOptions = { mayRepeat: (error) => error.isSurelyUndone }

const make = Effect.fnUntraced(function* (settings: ApiKeysOptions) {
  const carto = yield* CartoClient
  const auth = yield* Auth
  const writable = mayWrite(settings)
  const ofOwner = ({ user }: KeyOwner) => ({ urlParams: user === undefined ? {} : { target_user: user } })
  const at = (name: string) => `${api}${path`/${name}`}`

  /** No answer is shown in an error: each holds tokens. */
  const ask = <S extends Schema.ConstraintDecoder<unknown>>(
    operation: string,
    schema: S,
    request: HttpClientRequest.HttpClientRequest,
    options: RequestOptions = {}
  ) => Effect.mapError(confidentialJson(carto, operation, schema, request, options), explained)

  const create = Effect.fnUntraced(function* (
    operation: string,
    name: string,
    grants: ReadonlyArray<ApiKeyGrant>,
    owner: KeyOwner
  ) {
    yield* writable(operation)
    // Only members of an organization are meant by name.
    const schema = owner.user === undefined ? ownSchema(carto, operation) : Effect.succeed(owner.user)
    const body = { name, grants: yield* grantSections(operation, grants, schema) }
    const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(api, ofOwner(owner)), body)
    return yield* ask(operation, ApiKey, request, once)
  })

  const follow = (key: ApiKey) =>
    auth.follow === undefined
      ? Effect.logWarning(
          "The master key is another one now, and this client's own credentials still hold the old one."
        )
      : auth.follow(key.token)

  const regenerate = Effect.fnUntraced(function* (operation: string, name: string, owner: KeyOwner) {
    yield* writable(operation)
    const request = HttpClientRequest.post(`${at(name)}/token/regenerate`, ofOwner(owner))
    const key = yield* ask(operation, ApiKey, request, once)
    // Whoever may regenerate holds the master key.
    const isOwn = key.type === "master" && (owner.user === undefined || owner.user === carto.account.user)
    if (isOwn) yield* follow(key)
    return key
  })

  return ApiKeys.of({
    create: Effect.fn("ApiKeys.create")((name, grants, owner = {}) => create("ApiKeys.create", name, grants, owner)),
    list: (options = {}) =>
      pages({
        read: (page) =>
          Effect.map(
            ask(
              "ApiKeys.list",
              List,
              HttpClientRequest.get(api, {
                urlParams: {
                  page: String(page),
                  per_page: String(pageSize),
                  ...(options.types === undefined ? {} : { type: options.types.join(",") }),
                  ...(options.orderBy === undefined ? {} : { order: options.orderBy }),
                  ...ofOwner(options).urlParams
                }
              })
            ),
            ({ result, total }) => ({ items: result, total })
          ),
        identity: ({ name }) => name
      }),
    get: Effect.fn("ApiKeys.get")((name, owner = {}) =>
      ask("ApiKeys.get", ApiKey, HttpClientRequest.get(at(name), ofOwner(owner)))
    ),
    regenerate: Effect.fn("ApiKeys.regenerate")((name, owner = {}) => regenerate("ApiKeys.regenerate", name, owner)),
    delete: Effect.fn("ApiKeys.delete")(function* (name, owner = {}) {
      yield* writable("ApiKeys.delete")
      const request = HttpClientRequest.delete(at(name), ofOwner(owner))
      yield* Effect.mapError(deletion(carto, "ApiKeys.delete", request), explained)
    }),
    check: Effect.fn("ApiKeys.check")((key) => Check.check({ carto, auth }, "ApiKeys.check", key))
  })
})

const advices = advised([
  {
    words: /cannot be Master nor Default public/,
    advice: "Those two are everybody's own; choose another name."
  },
  {
    words: /Name has already been taken/,
    advice: "A key cannot be changed: choose another name, or delete that key and create it anew, with another token."
  },
  {
    words: /only grant table permissions you have|relation ".*" does not exist/,
    advice:
      "A table is not there, or not the account's to grant: look at its name, its capitals and its schema, which is public, or in an organization the user's name."
  },
  {
    words: /only grant schema permissions you have/,
    advice:
      "Only what the user may do in a schema can be granted: look at its name; in an organization it is the user's."
  },
  {
    words: /Grants /,
    advice: "Make the grants with ApiKeyGrants; an older server may not know all of them."
  },
  {
    status: 403,
    words: /don't have permission/,
    advice:
      "The keys Master and Default public cannot be deleted, and only an organization's owner reaches others' keys."
  },
  { status: 401, advice: "Keys are made, regenerated and deleted with the master key of this very account and user." }
])

const missing = notFoundAs("the server has no API keys for this account: its plan lacks them, or it is locked")

const explained = (error: CartoError): CartoError => missing(advices(error))
