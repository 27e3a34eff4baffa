/** API keys: which one a request shows, and the PostgreSQL role it stands for. */
import { randomBytes } from "node:crypto"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { ApiError } from "./ApiError.ts"
import type { DatabaseError } from "./Database.ts"
import type { ApiKey, NewApiKey } from "./keys/ApiKey.ts"
import type { Grants } from "./keys/Grants.ts"
import * as KeyStore from "./keys/KeyStore.ts"
import { apiKey, type Params } from "./Params.ts"
import { ownerRole } from "./sql/roles.ts"

export type { ApiKey, NewApiKey } from "./keys/ApiKey.ts"
export type { Permission, TableGrant } from "./keys/Grants.ts"

/** The well-known master key of a local account. It opens nothing but this emulator. */
export const localMasterKey = Redacted.make("local-master-key")

export interface AuthOptions {
  readonly user: string
  /** The one that the database keeps unless told, and in a new one `localMasterKey`. */
  readonly masterKey?: Redacted.Redacted | undefined
  /** The master key of a user who has none yet; `localMasterKey` unless told. */
  readonly firstMasterKey?: Redacted.Redacted | undefined
  /** Of a member of the organization: the schema of the member's tables, and the role that owns them. */
  readonly home?: Home | undefined
}

/** Where a user's tables are. */
export interface Home {
  readonly schema: string
  readonly role: string
}

/** The account itself stays where its tables are, also with an organization around it. */
export const ownHome: Home = { schema: "public", role: ownerRole }

/** The keys of the account: kept in the database, and in memory for every request. */
export class Auth extends Context.Service<
  Auth,
  {
    readonly user: string
    /** The schema of the user's tables. */
    readonly schema: string
    /** The role that owns the user's tables. */
    readonly role: string
    /** The master key of now: its token changes when it is regenerated. */
    readonly master: ApiKey
    /** All keys of now, in the order in which they were made. */
    readonly keys: ReadonlyArray<ApiKey>
    /** Makes a regular key with a PostgreSQL role of its own, in place of one of that name. */
    readonly addKey: (key: NewApiKey) => Effect.Effect<ApiKey, DatabaseError>
    /** As `addKey`, with a token that nobody can guess. */
    readonly create: (name: string, grants: Grants) => Effect.Effect<ApiKey, DatabaseError>
    /** Gives a key another token; the old one is worth nothing from now on. */
    readonly regenerate: (key: ApiKey) => Effect.Effect<ApiKey, DatabaseError>
    /** Removes a key and its role. Tables that it made stay, as the account's. */
    readonly remove: (key: ApiKey) => Effect.Effect<void, DatabaseError>
    /**
     * The key whose role runs the request.
     *
     * Two different keys in one request follow CARTO's two rules: the one that is verified is looked up in body, query,
     * Basic; the one that is used in Basic, query, body. Both need a grant for SQL.
     */
    readonly authenticate: (authorization: string | undefined, params: Params) => Effect.Effect<ApiKey, ApiError>
    /**
     * The key that a request to the platform's other APIs shows; none for a wrong one, as for no key at all.
     *
     * A Basic header wins over the parameter `api_key` (platform reference, §2.2).
     */
    readonly identify: (authorization: string | undefined, params: Params) => Effect.Effect<ApiKey | undefined>
  }
>()("carto-emulator/Auth") {
  static readonly layer = (options: AuthOptions) => Layer.effect(Auth, make(options))
}

const unauthorized = new ApiError({ status: 401, message: "Unauthorized" })
const permissionDenied = new ApiError({ status: 403, message: "permission denied" })
const forbidden = new ApiError({ status: 403, message: "forbidden" })

/** User and key of a Basic header; `undefined` for every other header, which the servers ignore. */
const basic = (authorization: string | undefined): readonly [user: string, key: string] | undefined => {
  const encoded = /^ *basic +([\w.~+/-]+=*) *$/i.exec(authorization ?? "")?.[1]
  if (encoded === undefined) return undefined
  const pair = /^([^:]*):(.*)$/s.exec(Result.getOrElse(Base64.decodeString(encoded), () => ""))
  return pair === null ? undefined : [pair[1] ?? "", pair[2] ?? ""]
}

/** 22 characters of `[A-Za-z0-9_-]`, as the application makes them. */
const newToken = () => Redacted.make(randomBytes(16).toString("base64url"))

const make = Effect.fnUntraced(function* ({
  firstMasterKey = localMasterKey,
  home = ownHome,
  masterKey,
  user
}: AuthOptions) {
  const store = yield* KeyStore.make({ user, role: home.role, masterKey, firstMasterKey })
  let keys = yield* store.load

  const reload = Effect.map(store.load, (loaded) => {
    keys = loaded
  })
  const named = (name: string) =>
    Effect.suspend(() => {
      const key = keys.find((key) => key.name === name)
      return key === undefined ? Effect.die(new Error(`the key ${name} is gone`)) : Effect.succeed(key)
    })
  const put = (name: string, token: Redacted.Redacted, grants: Grants) =>
    store.put(name, token, grants).pipe(Effect.andThen(reload), Effect.andThen(named(name)))

  const withToken = (token: string) => keys.find((key) => Redacted.value(key.token) === token)
  const ofType = (type: ApiKey["type"]): ApiKey => {
    const key = keys.find((key) => key.type === type)
    if (key === undefined) throw new Error(`an account has a ${type} key`)
    return key
  }
  const find = (token: string | undefined) => {
    const key = token === undefined ? ofType("default") : withToken(token)
    return key === undefined ? Effect.fail(unauthorized) : Effect.succeed(key)
  }

  return Auth.of({
    user,
    ...home,
    get master() {
      return ofType("master")
    },
    get keys() {
      return keys
    },
    addKey: Effect.fn("Auth.addKey")(({ name, token = Redacted.make(`local-${name}-key`), ...grants }) =>
      put(name, token, grants)
    ),
    create: Effect.fn("Auth.create")((name, grants) => put(name, newToken(), grants)),
    regenerate: Effect.fn("Auth.regenerate")((key) =>
      store.setToken(key, newToken()).pipe(Effect.andThen(reload), Effect.andThen(named(key.name)))
    ),
    remove: Effect.fn("Auth.remove")((key) => Effect.andThen(store.remove(key), reload)),
    authenticate: Effect.fnUntraced(function* (authorization, params) {
      const header = basic(authorization)
      if (header !== undefined && header[0] !== user) return yield* permissionDenied
      const inHeader = header?.[1] || undefined
      const inQuery = apiKey(params.query)
      const inBody = apiKey(params.body)
      const verified = yield* find(inBody ?? inQuery ?? inHeader)
      const used = yield* find(inHeader ?? inQuery ?? inBody)
      return verified.apis.has("sql") && used.apis.has("sql") ? used : yield* forbidden
    }),
    identify: (authorization, params) =>
      Effect.sync(() => {
        const header = basic(authorization)
        if (header !== undefined && header[0] !== user) return undefined
        const token = header?.[1] ?? apiKey(params.query) ?? apiKey(params.body)
        return token === undefined ? undefined : withToken(token)
      })
  })
})
