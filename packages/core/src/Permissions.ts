/**
 * Sharing within an organization, `/api/v1/perm` (platform reference, §10).
 *
 * CARTO never published this API: it may change, and servers of other ages may answer otherwise.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Auth } from "./Auth.ts"
import { CartoClient } from "./CartoClient.ts"
import { AuthError, CartoError, ValidationError } from "./CartoError.ts"
import { pages } from "./internal/pages.ts"
import { path } from "./internal/path.ts"
import { refuse, unheeded } from "./internal/refuse.ts"
import * as Visualizing from "./internal/visualizations.ts"
import { type AclEntry, Grantable, Permission, type PermissionId } from "./Permission.ts"

/** Who something is shared with. The ids are those of the users, groups and organizations. */
export interface Grantee {
  readonly type: "user" | "group" | "org"
  readonly id: string
}

/** `rw` is for datasets only, and not for viewers. `n` is explicitly nothing. */
export interface Grant extends Grantee {
  readonly access: "r" | "rw" | "n"
}

export interface GrantableOptions {
  /** Part of a name. */
  readonly search?: string | undefined
  readonly orderBy?: "id" | "name" | "type" | "avatar_url" | "organization_id" | "updated_at" | undefined
}

export interface PermissionsOptions {
  /** Refuse every change. */
  readonly readOnly?: boolean | undefined
}

/**
 * All methods need the owner's master key, and mean a dataset by its id or name, a map by its id.
 *
 * The server only knows the whole list of grants: of two changes at once, the last wins.
 */
export class Permissions extends Context.Service<
  Permissions,
  {
    readonly get: (visualization: string) => Effect.Effect<Permission, CartoError>
    /** Replaces all grants. None means that it is shared with nobody. */
    readonly set: (id: PermissionId, grants: ReadonlyArray<Grant>) => Effect.Effect<Permission, CartoError>
    /** Adds a grant, or changes the one that there is. Nothing is sent when it is there already. */
    readonly share: (
      visualization: string,
      grantee: Grantee,
      access: "r" | "rw"
    ) => Effect.Effect<Permission, CartoError>
    /** Takes a grant away. Nothing is sent when there is none. */
    readonly revoke: (visualization: string, grantee: Grantee) => Effect.Effect<Permission, CartoError>
    /** Users and groups of an organization that one can share with. */
    readonly grantables: (organizationId: string, options?: GrantableOptions) => Stream.Stream<Grantable, CartoError>
  }
>()("carto/Permissions") {
  static readonly layer = (options?: PermissionsOptions): Layer.Layer<Permissions, never, CartoClient | Auth> =>
    Layer.effect(Permissions, make(options ?? {}))
}

const Grantables = Schema.Struct({ grantables: Schema.Array(Grantable), total_entries: Schema.Int })
const pageSize = 100

const make = Effect.fnUntraced(function* (settings: PermissionsOptions) {
  const carto = yield* CartoClient
  const visualizing = yield* Visualizing.make(settings)

  const read = Effect.fnUntraced(function* (operation: string, visualization: string) {
    const found = yield* visualizing.readAny(operation, visualization, { include: ["permission"] })
    const { permission } = found
    if (permission?.acl !== undefined) return { permission, acl: permission.acl, type: found.type }
    return yield* new CartoError({
      operation,
      reason: new AuthError({
        status: 200,
        message: `the server does not show who ${JSON.stringify(found.name)} is shared with`,
        hint: "Use the master key of its owner."
      })
    })
  })

  /** The grants to go on with. One that we could not send back would be taken away from somebody. */
  const known = (operation: string, acl: ReadonlyArray<AclEntry>) => {
    const strange = acl.find((entry) => toGrant(entry).length === 0)
    return strange === undefined
      ? Effect.succeed(acl.flatMap(toGrant))
      : refuse(
          operation,
          `there is a grant ${strange.access} to ${strange.type} ${strange.entity.id}, which this client does not know`,
          "Set all grants with Permissions.set, or change them in the dashboard."
        )
  }

  /** Entities hold an id and nothing else: the server refuses its own entries. */
  const set = Effect.fnUntraced(function* (operation: string, id: PermissionId, grants: ReadonlyArray<Grant>) {
    yield* visualizing.mayWrite(operation)
    const acl = grants.map(({ access, id, type }) => ({ type, entity: { id }, access }))
    const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.put(path`/api/v1/perm/${id}`), { acl })
    const permission = yield* Effect.mapError(carto.json(operation, Permission, request, { mayRepeat }), explained)
    const kept = permission.acl?.flatMap(toGrant) ?? []
    const lost = grants.find((grant) => !kept.some(isSame(grant)))
    if (lost === undefined) return permission
    return yield* unheeded(
      operation,
      `the server did not keep the grant ${lost.access} to ${lost.type} ${lost.id}; the others it did`,
      "Check the id: it must be of somebody in the same organization."
    )
  })

  return Permissions.of({
    get: Effect.fn("Permissions.get")((visualization) =>
      Effect.map(read("Permissions.get", visualization), ({ permission }) => permission)
    ),
    set: Effect.fn("Permissions.set")((id, grants) => set("Permissions.set", id, grants)),
    share: Effect.fn("Permissions.share")(function* (visualization, grantee, access) {
      const operation = "Permissions.share"
      const { acl, permission, type } = yield* read(operation, visualization)
      const grants = yield* known(operation, acl)
      if (access === "rw" && type !== "table") {
        return yield* refuse(operation, "only datasets can be shared for writing", "Share maps with r.")
      }
      const grant = { type: grantee.type, id: grantee.id, access }
      if (grants.some(isSame(grant))) return permission
      return yield* set(operation, permission.id, [...grants.filter((one) => !isFor(grantee)(one)), grant])
    }),
    revoke: Effect.fn("Permissions.revoke")(function* (visualization, grantee) {
      const operation = "Permissions.revoke"
      const { acl, permission } = yield* read(operation, visualization)
      const grants = yield* known(operation, acl)
      const rest = grants.filter((one) => !isFor(grantee)(one))
      return rest.length === grants.length ? permission : yield* set(operation, permission.id, rest)
    }),
    grantables: (organizationId, options = {}) =>
      pages({
        read: (page) =>
          Effect.map(
            carto.json(
              "Permissions.grantables",
              Grantables,
              HttpClientRequest.get(path`/api/v1/organization/${organizationId}/grantables`, {
                urlParams: {
                  page: String(page),
                  per_page: String(pageSize),
                  ...(options.search === undefined ? {} : { q: options.search }),
                  ...(options.orderBy === undefined ? {} : { order: options.orderBy })
                }
              })
            ),
            (answer) => ({ items: answer.grantables, total: answer.total_entries })
          ),
        identity: ({ id, type }) => `${type} ${id}`
      }).pipe(Stream.withSpan("Permissions.grantables"))
  })
})

const isAccess = Schema.is(Schema.Literals(["r", "rw", "n"]))
const isGranteeType = Schema.is(Schema.Literals(["user", "group", "org"]))

const toGrant = ({ access, entity, type }: AclEntry): ReadonlyArray<Grant> =>
  isAccess(access) && isGranteeType(type) ? [{ type, id: entity.id, access }] : []

const isFor =
  (grantee: Grantee) =>
  (grant: Grant): boolean =>
    grant.type === grantee.type && grant.id === grantee.id

const isSame =
  (grant: Grant) =>
  (other: Grant): boolean =>
    isFor(grant)(other) && grant.access === other.access

/** A 500 is how a grant is refused that may not be (platform reference, §10.2). */
const mayRepeat = (error: CartoError): boolean => error.status !== 500

/** The refusals of this endpoint have no body. */
const explained = (error: CartoError): CartoError => {
  const { operation, reason } = error
  if (reason._tag === "AuthError" && reason.status === 401) {
    return new CartoError({
      operation,
      reason: new AuthError({
        status: 401,
        message: reason.message,
        hint: "Only the owner shares, with the master key."
      })
    })
  }
  if (reason._tag === "ValidationError" || reason.status === 500) {
    return new CartoError({
      operation,
      reason: new ValidationError({
        ...(reason.status === undefined ? {} : { status: reason.status }),
        message: reason.message,
        advice: "Check the ids and their types; viewers get r only, and so does everybody of a map."
      })
    })
  }
  return error
}
