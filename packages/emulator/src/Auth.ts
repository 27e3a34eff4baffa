/** API keys: which one a request shows, and the PostgreSQL role it stands for. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Ref from "effect/Ref"
import * as Result from "effect/Result"
import { ApiError } from "./ApiError.ts"
import { Database, type DatabaseError } from "./Database.ts"
import { apiKey, type Params } from "./Params.ts"
import { regularRole } from "./regularRole.ts"
import { ownerRole, publicRole } from "./sql/roles.ts"

/** A right on a table. */
export type Permission = "select" | "insert" | "update" | "delete"

/** What a regular key may do with one table; the schema is `public` unless told. */
export interface TableGrant {
  readonly schema?: string | undefined
  readonly table: string
  readonly permissions: ReadonlyArray<Permission>
}

/** `master` owns everything, `default` is what a request without a key has, `regular` has its grants. */
export interface ApiKey {
  readonly name: string
  readonly type: "master" | "default" | "regular"
  readonly token: Redacted.Redacted
  readonly role: string
  /** Without it the SQL API answers 403 `forbidden`. */
  readonly sql: boolean
}

/** A regular key to make; its token is made from its name unless given. */
export interface NewApiKey {
  readonly name: string
  readonly token?: Redacted.Redacted | undefined
  readonly sql?: boolean | undefined
  readonly tables?: ReadonlyArray<TableGrant> | undefined
}

/** The keys of the one account that the emulator has. */
export class Auth extends Context.Service<
  Auth,
  {
    readonly user: string
    readonly master: ApiKey
    /** Makes a regular key with a PostgreSQL role of its own. */
    readonly addKey: (key: NewApiKey) => Effect.Effect<ApiKey, DatabaseError>
    /**
     * The key whose role runs the request.
     *
     * Two different keys in one request follow CARTO's two rules: the one that is verified is looked up in body, query,
     * Basic; the one that is used in Basic, query, body.
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
  static readonly layer = (options: { readonly user: string; readonly masterKey: Redacted.Redacted }) =>
    Layer.effect(Auth, make(options))
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

const make = Effect.fnUntraced(function* (options: { readonly user: string; readonly masterKey: Redacted.Redacted }) {
  const database = yield* Database
  const master: ApiKey = { name: "Master", type: "master", token: options.masterKey, role: ownerRole, sql: true }
  const publicKey: ApiKey = {
    name: "Default public",
    type: "default",
    token: Redacted.make("default_public"),
    role: publicRole,
    sql: true
  }
  const keys = yield* Ref.make<ReadonlyArray<ApiKey>>([master, publicKey])

  const find = Effect.fnUntraced(function* (token: string) {
    const found = (yield* Ref.get(keys)).find((key) => Redacted.value(key.token) === token)
    return yield* found === undefined ? Effect.fail(unauthorized) : Effect.succeed(found)
  })

  return Auth.of({
    user: options.user,
    master,
    addKey: Effect.fn("Auth.addKey")(function* ({ name, sql = true, tables = [], token }) {
      const role = `${options.user}_${name}`
      yield* database.rows(regularRole(role, tables))
      const key: ApiKey = { name, type: "regular", token: token ?? Redacted.make(`local-${name}-key`), role, sql }
      yield* Ref.update(keys, (all) => [...all.filter((other) => other.name !== name), key])
      return key
    }),
    authenticate: Effect.fnUntraced(function* (authorization, params) {
      const header = basic(authorization)
      if (header !== undefined && header[0] !== options.user) return yield* permissionDenied
      const inHeader = header?.[1] || undefined
      const inQuery = apiKey(params.query)
      const inBody = apiKey(params.body)
      const verified = yield* find(inBody ?? inQuery ?? inHeader ?? Redacted.value(publicKey.token))
      const used = yield* find(inHeader ?? inQuery ?? inBody ?? Redacted.value(publicKey.token))
      return verified.sql && used.sql ? used : yield* forbidden
    }),
    identify: Effect.fnUntraced(function* (authorization, params) {
      const header = basic(authorization)
      if (header !== undefined && header[0] !== options.user) return undefined
      const token = header?.[1] ?? apiKey(params.query) ?? apiKey(params.body)
      return (yield* Ref.get(keys)).find((key) => Redacted.value(key.token) === token)
    })
  })
})
