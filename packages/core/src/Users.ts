/**
 * Users: whose a key is, the account with its quotas, and the members of an organization (platform reference, §14).
 *
 * CARTO never published most of this: `me` and the management of an organization's users it did, all else may change.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import { Auth } from "./Auth.ts"
import { CartoClient } from "./CartoClient.ts"
import type { CartoError } from "./CartoError.ts"
import { advised } from "./internal/advised.ts"
import { mayWrite } from "./internal/mayWrite.ts"
import * as Organizations from "./internal/organizationUsers.ts"
import { path } from "./internal/path.ts"
import { notAsStranger } from "./internal/stranger.ts"
import * as Quotas from "./internal/userQuotas.ts"
import { type NewUser, type OwnChanges, ownBody, type UserChanges } from "./internal/userRequest.ts"
import type { Organization } from "./Organization.ts"
import { Dashboard, type ManagedUser, Me, Member, OwnAccount, type ServiceQuota, type Storage } from "./User.ts"

export type { NewUser, OwnChanges, UserChanges }

export interface OrganizationOptions {
  /** Its id or its name. Default the one that the account is in. */
  readonly organization?: string | undefined
}

export interface MemberListOptions {
  /** Part of a user name, or a whole e-mail address. */
  readonly search?: string | undefined
  readonly orderBy?: "username" | "updated_at" | undefined
}

export interface UserCreateOptions extends OrganizationOptions {
  /** For the whole waiting. Default none. The user may still come to be. */
  readonly timeout?: Duration.Input | undefined
  /** Fail when the user is not there after so long. Default 10 minutes. */
  readonly stalledAfter?: Duration.Input | undefined
}

export interface UsersOptions {
  /** Refuse every change. */
  readonly readOnly?: boolean | undefined
}

/**
 * Managing the members of an organization needs the master key of its owner or of an administrator, at that user's own
 * address. Users who are in no organization nobody can make, list or delete by an API.
 */
export class Users extends Context.Service<
  Users,
  {
    /** Whose the key is, of any kind. More of it with the master key, and with keys that may read the profile. */
    readonly me: Effect.Effect<Me, CartoError>
    /**
     * What the dashboard begins with. The server refuses no key here, and tells of the account to the master key only: to
     * every other one it is an `AuthError`, without a key `user_data` is missing.
     */
    readonly dashboard: Effect.Effect<Dashboard, CartoError>
    /** The account itself, with its quotas and limits. Needs the master key; another's the server never shows here. */
    readonly account: Effect.Effect<OwnAccount, CartoError>
    /** The organization that the account is in. */
    readonly organization: Effect.Effect<Organization | undefined, CartoError>
    /** The members of one's own organization, each once. For every member with the master key. */
    readonly list: (options?: MemberListOptions) => Stream.Stream<Member, CartoError>
    /** The members with their master keys, in one answer. */
    readonly listManaged: (options?: OrganizationOptions) => Effect.Effect<ReadonlyArray<ManagedUser>, CartoError>
    readonly get: (username: string, options?: OrganizationOptions) => Effect.Effect<ManagedUser, CartoError>
    /**
     * Makes a member, and waits until the server has: it takes its time. Not sent again when it may have arrived.
     */
    readonly create: (user: NewUser, options?: UserCreateOptions) => Effect.Effect<ManagedUser, CartoError>
    /** Changes what is given and nothing else; the answer is the user as it is then. */
    readonly update: (
      username: string,
      changes: UserChanges,
      options?: OrganizationOptions
    ) => Effect.Effect<ManagedUser, CartoError>
    /** Deletes the user with all datasets and maps. With `force` also one who shares some of them with others. */
    readonly delete: (
      username: string,
      options?: OrganizationOptions & { readonly force?: boolean | undefined }
    ) => Effect.Effect<void, CartoError>
    /** Changes one's own profile, e-mail address or password; the server wants the password with every change. */
    readonly updateMe: (changes: OwnChanges, currentPassword: Redacted.Redacted) => Effect.Effect<Member, CartoError>
    /** Bytes used and allowed, as the database counts them. */
    readonly storage: Effect.Effect<Storage, CartoError>
    /** What this month's geocoding, isolines and routing have used. Not for the public key. */
    readonly dataservicesQuota: Effect.Effect<ReadonlyArray<ServiceQuota>, CartoError>
    /** Whether a data service, such as `hires_geocoder`, may still be called so often. */
    readonly enoughQuota: (service: string, calls: number) => Effect.Effect<boolean, CartoError>
  }
>()("carto/Users") {
  static readonly layer = (options?: UsersOptions): Layer.Layer<Users, never, CartoClient | Auth> =>
    Layer.effect(Users, make(options ?? {}))
}

const make = Effect.fnUntraced(function* (settings: UsersOptions) {
  const carto = yield* CartoClient
  const auth = yield* Auth
  const writable = mayWrite(settings)
  const organizations = Organizations.make(carto)
  const { ask } = organizations

  const get = <S extends Schema.ConstraintDecoder<unknown>>(operation: string, schema: S, address: string) =>
    Effect.withSpan(ask(operation, schema, HttpClientRequest.get(address)), operation)

  return Users.of({
    me: Effect.withSpan(
      carto.json("Users.me", Me, HttpClientRequest.get("/api/v4/me")).pipe(Effect.mapError(anyKey)),
      "Users.me"
    ),
    dashboard: Effect.tap(get("Users.dashboard", Dashboard, "/api/v3/me"), ({ user_data }) =>
      user_data == null ? notAsStranger(auth, "Users.dashboard") : Effect.void
    ),
    account: get("Users.account", OwnAccount, path`/api/v1/users/${carto.account.user}`),
    organization: Effect.withSpan(organizations.own("Users.organization"), "Users.organization"),
    list: (options = {}) => organizations.members("Users.list", options),
    listManaged: Effect.fn("Users.listManaged")((options = {}) => organizations.list("Users.listManaged", options)),
    get: Effect.fn("Users.get")((username, options = {}) => organizations.get("Users.get", username, options)),
    create: Effect.fn("Users.create")((user, options = {}) =>
      Effect.andThen(writable("Users.create"), organizations.create("Users.create", user, options))
    ),
    update: Effect.fn("Users.update")((username, changes, options = {}) =>
      Effect.andThen(writable("Users.update"), organizations.update("Users.update", username, changes, options))
    ),
    delete: Effect.fn("Users.delete")((username, options = {}) =>
      Effect.andThen(writable("Users.delete"), organizations.remove("Users.delete", username, options))
    ),
    updateMe: Effect.fn("Users.updateMe")(function* (changes, currentPassword) {
      yield* writable("Users.updateMe")
      const body = ownBody(changes, currentPassword)
      const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.put("/api/v3/me"), body)
      const secrets = [currentPassword, ...(changes.newPassword === undefined ? [] : [changes.newPassword])]
      // A change of the password is not the same twice.
      const options = { mayRepeat: (error: CartoError) => error.isSurelyUndone, secrets }
      return yield* ask("Users.updateMe", Member, request, options)
    }),
    storage: Effect.withSpan(Quotas.storage(carto, "Users.storage"), "Users.storage"),
    dataservicesQuota: Effect.withSpan(
      Quotas.dataservices(carto, "Users.dataservicesQuota"),
      "Users.dataservicesQuota"
    ),
    enoughQuota: Effect.fn("Users.enoughQuota")((service, calls) =>
      Quotas.enough(carto, "Users.enoughQuota", service, calls)
    )
  })
})

const anyKey = advised([
  {
    status: 401,
    advice: "Any key of this very account and user will do, and this one is none: it may be another's, or gone."
  }
])
