/** Requests about the members of an organization, each with a master key in its answer (platform reference, §14.5). */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { CartoClient, RequestOptions } from "../CartoClient.ts"
import { CartoError, TimeoutError } from "../CartoError.ts"
import { Organization } from "../Organization.ts"
import { ManagedUser, Member } from "../User.ts"
import type { MemberListOptions, OrganizationOptions, UserCreateOptions } from "../Users.ts"
import { advised, notFoundAs } from "./advised.ts"
import { confidentialJson } from "./confidential.ts"
import { deletion } from "./deletion.ts"
import { nullWhenEmpty } from "./emptyObject.ts"
import { pages } from "./pages.ts"
import { path } from "./path.ts"
import * as Poll from "./poll.ts"
import { refuse } from "./refuse.ts"
import { changesBody, type NewUser, newUserBody, type UserChanges } from "./userRequest.ts"

const pageSize = 100
/** A user has a database to be made. */
const stalledAfter = "10 minutes"

/** `total_entries` is the number on this page. */
const Page = Schema.Struct({
  users: Schema.Array(Member),
  total_user_entries: Schema.optionalKey(Schema.NullOr(Schema.Int))
})

export const make = (carto: CartoClient["Service"]) => {
  const ask = <S extends Schema.ConstraintDecoder<unknown>>(
    operation: string,
    schema: S,
    request: HttpClientRequest.HttpClientRequest,
    options: RequestOptions = {}
  ) => Effect.mapError(confidentialJson(carto, operation, schema, request, options), explained)

  const own = (operation: string): Effect.Effect<Organization | undefined, CartoError> =>
    Effect.map(
      ask(operation, nullWhenEmpty(Organization), HttpClientRequest.get("/api/v1/org")),
      (organization) => organization ?? undefined
    )

  const required = (operation: string): Effect.Effect<Organization, CartoError> =>
    Effect.flatMap(own(operation), (organization) =>
      organization === undefined
        ? Effect.fail(
            refuse(
              operation,
              `${carto.account.user} is in no organization`,
              "Users alone can be managed in the dashboard only."
            )
          )
        : Effect.succeed(organization)
    )

  const users = (operation: string, { organization = carto.account.organization }: OrganizationOptions) =>
    Effect.map(
      organization === undefined ? Effect.map(required(operation), ({ name }) => name) : Effect.succeed(organization),
      (name) => path`/api/v2/organization/${name}/users`
    )

  const at = (operation: string, username: string, options: OrganizationOptions) =>
    Effect.map(users(operation, options), (address) => `${address}${path`/${username}`}`)

  const get = (operation: string, username: string, options: OrganizationOptions) =>
    Effect.flatMap(at(operation, username, options), (address) =>
      ask(operation, ManagedUser, HttpClientRequest.get(address))
    )

  /** Only the id of one's own organization will do. */
  const members = (operation: string, { orderBy, search }: MemberListOptions): Stream.Stream<Member, CartoError> =>
    Stream.unwrap(
      Effect.map(required(operation), ({ id }) =>
        pages({
          read: (page) =>
            Effect.map(
              ask(
                operation,
                Page,
                HttpClientRequest.get(path`/api/v1/organization/${id}/users`, {
                  urlParams: {
                    page: String(page),
                    per_page: String(pageSize),
                    ...(search === undefined ? {} : { q: search }),
                    order: orderBy ?? "username"
                  }
                })
              ),
              // The total takes no notice of the search.
              ({ total_user_entries, users }) => ({
                items: users,
                total: search === undefined ? (total_user_entries ?? undefined) : undefined
              })
            ),
          identity: ({ id }) => id
        })
      )
    )

  const appeared = (
    operation: string,
    username: string,
    options: UserCreateOptions
  ): Poll.Work<{ readonly user: ManagedUser | undefined }> => ({
    operation,
    read: get(operation, username, options).pipe(
      Effect.map((user): { readonly user: ManagedUser | undefined } => ({ user })),
      Effect.catchIf(
        ({ reason }) => reason._tag === "NotFoundError",
        () => Effect.succeed({ user: undefined })
      )
    ),
    cancel: Effect.void,
    state: ({ user }) => (user === undefined ? "missing" : "there"),
    isOver: ({ user }) => user !== undefined,
    stalledAfter,
    stalled: (_, after) =>
      new CartoError({
        operation,
        reason: new TimeoutError({
          message: `the server took the user ${username}, but has not made it within ${Duration.format(after)}`,
          after
        })
      }),
    initial: { user: undefined }
  })

  const create = Effect.fnUntraced(function* (operation: string, user: NewUser, options: UserCreateOptions) {
    const request = HttpClientRequest.bodyJsonUnsafe(
      HttpClientRequest.post(yield* users(operation, options)),
      newUserBody(user)
    )
    const once = { mayRepeat: (error: CartoError) => error.isSurelyUndone, secrets: [user.password] }
    const taken = yield* ask(operation, ManagedUser, request, once)
    return (yield* Poll.wait(appeared(operation, user.username, options), options)).user ?? taken
  })

  const update = Effect.fnUntraced(function* (
    operation: string,
    username: string,
    changes: UserChanges,
    options: OrganizationOptions
  ) {
    const request = HttpClientRequest.bodyJsonUnsafe(
      HttpClientRequest.put(yield* at(operation, username, options)),
      changesBody(changes)
    )
    const secrets = changes.password === undefined ? [] : [changes.password]
    return yield* ask(operation, ManagedUser, request, { secrets })
  })

  const remove = Effect.fnUntraced(function* (
    operation: string,
    username: string,
    { force = false, ...options }: OrganizationOptions & { readonly force?: boolean | undefined }
  ) {
    const address = yield* at(operation, username, options)
    const request = HttpClientRequest.delete(address, { urlParams: force ? { force: "true" } : {} })
    yield* Effect.mapError(deletion(carto, operation, request), explained)
  })

  return {
    ask,
    create,
    get,
    list: (operation: string, options: OrganizationOptions) =>
      Effect.flatMap(users(operation, options), (address) =>
        ask(operation, Schema.Array(ManagedUser), HttpClientRequest.get(address))
      ),
    members,
    own,
    remove,
    update
  }
}

const advices = advised([
  {
    status: 401,
    words: /Has shared entities/,
    advice: "Others use datasets or maps of this user: with force they are deleted, too."
  },
  { status: 401, words: /delete org owner/, advice: "The owner of an organization cannot be deleted." },
  {
    status: 401,
    advice:
      "This needs the master key of this very account; of others in an organization, its owner's or an administrator's."
  },
  { words: /not enough (seats|disk quota)/, advice: "The organization has no seat, or not so many bytes, left." },
  { words: /No update params provided/, advice: "Give something to change; nothing was changed." },
  { status: 410, advice: "Correct what the server names; nothing was changed." }
])

const missing = notFoundAs("the server has no such endpoint or user, or the account is locked")

const explained = (error: CartoError): CartoError => missing(advices(error))
