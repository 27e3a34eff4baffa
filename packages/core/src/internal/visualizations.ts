/** Requests to `/api/v1/viz`, which maps and datasets share (platform reference, §8). */
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Auth } from "../Auth.ts"
import { CartoClient } from "../CartoClient.ts"
import { AuthError, CartoError, NotFoundError, QuotaError } from "../CartoError.ts"
import { isPublicForm, Visualization, type VisualizationId } from "../Visualization.ts"
import { advised } from "./advised.ts"
import { deletion } from "./deletion.ts"
import { pages } from "./pages.ts"
import { path } from "./path.ts"
import { refuse, unheeded } from "./refuse.ts"
import { scrub } from "./scrub.ts"
import { mayExpectMore, stranger } from "./stranger.ts"
import { tableName } from "./tableName.ts"
import { type ListQuery, listParameters, type ReadOptions, readParameters } from "./visualizationQuery.ts"

const api = "/api/v1/viz"

/** `total_user_entries` is there only for who was recognized (platform reference, §2.4). */
const Listed = Schema.Struct({
  visualizations: Schema.Array(Visualization),
  total_entries: Schema.Int,
  total_user_entries: Schema.optionalKey(Schema.NullOr(Schema.Int))
})
const Recognized = Schema.Struct({ total_user_entries: Schema.optionalKey(Schema.NullOr(Schema.Int)) })

/** Whether a text is searched for as it is. */
export const isPlain = (name: string): boolean => /^[\p{L}\p{N} _-]+$/u.test(name)

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

export const make = Effect.fnUntraced(function* (settings: { readonly readOnly?: boolean | undefined }) {
  const carto = yield* CartoClient
  const auth = yield* Auth

  const expectsMore = mayExpectMore(auth)

  /** Fails when the server took whoever holds the key for a stranger. */
  const recognized = Effect.fnUntraced(function* (operation: string) {
    const query = { types: ["table"], pageSize: 1, search: "" }
    const answer = yield* carto.json(
      operation,
      Recognized,
      HttpClientRequest.get(api, { urlParams: listParameters(query) })
    )
    if (answer.total_user_entries == null) return yield* stranger(operation)
  })

  const list = (operation: string, query: ListQuery): Stream.Stream<Visualization, CartoError> => {
    const parameters = listParameters(query)
    const read = Effect.fnUntraced(function* (page: number) {
      const answer = yield* carto.json(
        operation,
        Listed,
        HttpClientRequest.get(api, {
          urlParams: { ...parameters, page: String(page), ...(page === 1 ? {} : { load_totals: "false" }) }
        })
      )
      if (yield* expectsMore) {
        if (page === 1 && answer.total_user_entries == null) return yield* stranger(operation)
        // A key may expire between two pages.
        if (page > 1 && answer.visualizations.some(isPublicForm)) yield* recognized(operation)
      }
      return { items: answer.visualizations, total: answer.total_entries }
    })
    return pages({ read, identity: ({ id }) => id })
  }

  const read = Effect.fnUntraced(function* (operation: string, idOrName: string, options: ReadOptions = {}) {
    const plain = HttpClientRequest.get(`${api}${path`/${idOrName}`}`, { urlParams: readParameters(options) })
    const request =
      options.password === undefined ? plain : HttpClientRequest.setUrlParam(plain, "password", options.password)
    const secrets = options.password === undefined ? [] : [options.password]
    const answer = yield* carto.json(operation, Visualization, request).pipe(
      Effect.tapError((error) =>
        error.reason._tag === "AuthError" && error.status === 403
          ? Effect.flatMap(expectsMore, (expects) => (expects ? recognized(operation) : Effect.void))
          : Effect.void
      ),
      Effect.mapError((error) => scrub(secrets)(needsSharing(error)))
    )
    if (isPublicForm(answer) && (yield* expectsMore)) yield* recognized(operation)
    return answer
  })

  const search = (operation: string, types: ReadonlyArray<string>, name: string, search: string | undefined) =>
    list(operation, { types, search }).pipe(
      Stream.filter((one) => one.name === name),
      Stream.runCollect
    )

  /** The one of this very name: the server's own way by name splits at dots and slashes, and prefers datasets. */
  const named = Effect.fnUntraced(function* (operation: string, types: ReadonlyArray<string>, name: string) {
    const quick = yield* search(operation, types, name, name)
    // Nobody knows what the server's search makes of punctuation.
    const found = quick.length > 0 || isPlain(name) ? quick : yield* search(operation, types, name, undefined)
    const [only, ...others] = found
    if (only === undefined) {
      return yield* new CartoError({
        operation,
        reason: new NotFoundError({ status: 404, message: `nothing of the kind is named ${JSON.stringify(name)}` })
      })
    }
    if (others.length === 0) return only
    return yield* refuse(
      operation,
      `${found.length} are named ${JSON.stringify(name)}: ${found.map(({ id }) => id).join(", ")}`,
      "Give the id of the one that is meant."
    )
  })

  /** By its id, or a dataset by its name in any of the forms of `tableName`. */
  const readAny = Effect.fnUntraced(function* (operation: string, idOrName: string, options?: ReadOptions) {
    if (isId(idOrName)) return yield* read(operation, idOrName, options)
    const { name, schema } = yield* tableName(operation, idOrName)
    // The server splits names at dots, and a path at slashes.
    if (/[./]/.test(name)) return yield* read(operation, (yield* named(operation, ["table"], name)).id, options)
    return yield* read(operation, schema === undefined ? name : `${schema}.${name}`, options)
  })

  const mayWrite = (operation: string) =>
    settings.readOnly === true
      ? Effect.fail(refuse(operation, "this changes the account, and this client only reads", "Use one that writes."))
      : Effect.void

  /** The server as it is after the change: a refused name is not told otherwise (platform reference, §8.6). */
  const update = Effect.fnUntraced(function* (
    operation: string,
    before: { readonly id: VisualizationId; readonly name: string | undefined },
    changes: Readonly<Record<string, Schema.Json>>,
    secrets: ReadonlyArray<Redacted.Redacted> = []
  ) {
    yield* mayWrite(operation)
    const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.put(`${api}${path`/${before.id}`}`), {
      ...changes,
      id: before.id
    })
    const after = yield* Effect.mapError(carto.json(operation, Visualization, request), (error) =>
      scrub(secrets)(needsWriting(error))
    )
    const isRefused = changes.name !== undefined && changes.name !== before.name && after.name === before.name
    return isRefused
      ? yield* unheeded(
          operation,
          `the server kept the name ${JSON.stringify(after.name)}; all else is changed`,
          `Choose another name than ${JSON.stringify(changes.name)}: it is taken, or the database refused it.`
        )
      : after
  })

  const create = Effect.fnUntraced(function* (
    operation: string,
    body: Readonly<Record<string, Schema.Json>>,
    secrets: ReadonlyArray<Redacted.Redacted> = []
  ) {
    yield* mayWrite(operation)
    const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(api), body)
    return yield* Effect.mapError(carto.json(operation, Visualization, request), scrub(secrets))
  })

  const remove = Effect.fnUntraced(function* (operation: string, id: VisualizationId) {
    yield* mayWrite(operation)
    const request = HttpClientRequest.delete(`${api}${path`/${id}`}`)
    yield* Effect.mapError(deletion(carto, operation, request), (error) => needsDrop(needsOwner(error)))
  })

  return { create, isId, list, mayWrite, named, read, readAny, remove, update }
})

export type Visualizing = Effect.Success<ReturnType<typeof make>>

const hinted =
  (status: number, hint: string) =>
  (error: CartoError): CartoError =>
    error.reason._tag === "AuthError" && error.reason.status === status && error.reason.hint === undefined
      ? new CartoError({
          operation: error.operation,
          reason: new AuthError({ status, message: error.reason.message, hint })
        })
      : error

const needsSharing = hinted(403, "It is somebody else's and not shared with this key, or it needs its password.")
const needsOwner = hinted(403, "Only its owner may delete it.")
/** Views and foreign keys, of which the server names none. */
const needsDrop = advised([
  {
    words: /because other objects depend on it/,
    advice: "Views or foreign keys of other tables need its table: drop them first; nothing was deleted."
  }
])
const needsWriter = hinted(
  403,
  "Only its owner, and who it is shared with for writing, may change it; viewers may not."
)

/** A privacy that the plan does not allow is refused with a 403 too, but in words (platform reference, §8.6). */
const needsWriting = (error: CartoError): CartoError =>
  error.reason._tag === "AuthError" && /^Privacy (over|cannot) /.test(error.reason.message)
    ? new CartoError({
        operation: error.operation,
        reason: new QuotaError({ status: error.reason.status, message: error.reason.message })
      })
    : needsWriter(error)
