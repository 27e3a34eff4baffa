/**
 * Custom visualizations, `/api/v4/kuviz` (platform reference, §15): HTML pages of one's own that CARTO serves.
 *
 * CARTO never published this API: it may change, and servers of other ages may answer otherwise.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { CartoClient, type RequestOptions } from "./CartoClient.ts"
import { CartoError, NotFoundError } from "./CartoError.ts"
import { advised } from "./internal/advised.ts"
import { deletion } from "./internal/deletion.ts"
import { changesBody, encodedHtml, type KuvizChanges, limited } from "./internal/kuvizRequest.ts"
import { mayWrite } from "./internal/mayWrite.ts"
import { pages } from "./internal/pages.ts"
import { path } from "./internal/path.ts"
import { type KuvizId, KuvizPage } from "./KuvizPage.ts"

export type { KuvizChanges }

export interface KuvizListOptions {
  /** Part of a name. */
  readonly search?: string | undefined
  readonly tags?: ReadonlyArray<string> | undefined
  readonly privacy?: "public" | "password" | undefined
  readonly locked?: boolean | undefined
  readonly shared?: "yes" | "no" | "only" | undefined
  /** Default `updated_at`, the newest first. */
  readonly orderBy?: "name" | "updated_at" | "privacy" | undefined
  readonly direction?: "asc" | "desc" | undefined
}

export interface KuvizCreateOptions {
  /** Visitors are asked for it. Without one the page is public. */
  readonly password?: Redacted.Redacted | undefined
  /**
   * What becomes of pages of this name. Default `fail`. `replace` overwrites the newest one, which keeps its id, and
   * destroys the others.
   */
  readonly ifExists?: "fail" | "replace" | undefined
}

export interface KuvizOptions {
  /** Refuse every change. */
  readonly readOnly?: boolean | undefined
}

/** All methods need the master key, which travels as a parameter: the server looks for it nowhere else. */
export class Kuviz extends Context.Service<
  Kuviz,
  {
    /** Each page once, asked for as they are pulled. */
    readonly list: (options?: KuvizListOptions) => Stream.Stream<KuvizPage, CartoError>
    /** By its id. The server has no method for it, so that the list is searched. */
    readonly get: (id: KuvizId) => Effect.Effect<KuvizPage, CartoError>
    /**
     * Makes a page of a whole HTML document, of at most 7.5 MiB. Not sent again when it may have arrived. Without a
     * password everybody can see it.
     */
    readonly create: (
      name: string,
      html: string | Uint8Array,
      options?: KuvizCreateOptions
    ) => Effect.Effect<KuvizPage, CartoError>
    /** Changes what is given and nothing else; the answer is the page as it is then. */
    readonly update: (id: KuvizId, changes: KuvizChanges) => Effect.Effect<KuvizPage, CartoError>
    /** Deletes a page. Of other things the id is refused: the server would delete a dataset by it. */
    readonly delete: (id: KuvizId) => Effect.Effect<void, CartoError>
  }
>()("carto/Kuviz") {
  static readonly layer = (options?: KuvizOptions): Layer.Layer<Kuviz, never, CartoClient> =>
    Layer.effect(Kuviz, make(options ?? {}))
}

const List = Schema.Struct({
  visualizations: Schema.Array(KuvizPage),
  total_entries: Schema.optionalKey(Schema.NullOr(Schema.Int))
})

const api = "/api/v4/kuviz"
const pageSize = 100
const shown: RequestOptions = { credential: "parameter" }
const once: RequestOptions = { ...shown, mayRepeat: (error) => error.isSurelyUndone }

const make = Effect.fnUntraced(function* (settings: KuvizOptions) {
  const carto = yield* CartoClient
  const writable = mayWrite(settings)
  const at = (id: KuvizId) => `${api}${path`/${id}`}`

  const list = (operation: string, options: KuvizListOptions): Stream.Stream<KuvizPage, CartoError> => {
    const parameters = listParameters(options)
    return pages({
      read: (page) =>
        carto
          .json(
            operation,
            List,
            HttpClientRequest.get(api, { urlParams: { page: String(page), ...parameters } }),
            shown
          )
          .pipe(
            Effect.map(({ total_entries, visualizations }) => ({
              items: visualizations,
              total: total_entries ?? undefined
            })),
            Effect.mapError(explained)
          ),
      identity: ({ id }) => id
    })
  }

  const get = Effect.fnUntraced(function* (operation: string, id: KuvizId) {
    const found = yield* list(operation, {}).pipe(
      Stream.filter((page) => page.id === id),
      Stream.runHead
    )
    if (Option.isSome(found)) return found.value
    return yield* new CartoError({
      operation,
      reason: new NotFoundError({ status: 404, message: `no custom visualization of this account has the id ${id}` })
    })
  })

  return Kuviz.of({
    list: (options = {}) => list("Kuviz.list", options),
    get: Effect.fn("Kuviz.get")((id) => get("Kuviz.get", id)),
    create: Effect.fn("Kuviz.create")(function* (name, html, { ifExists = "fail", password } = {}) {
      const operation = "Kuviz.create"
      yield* writable(operation)
      const body = yield* limited(operation, {
        name,
        data: yield* encodedHtml(operation, html),
        if_exists: ifExists,
        ...(password === undefined ? {} : { password: Redacted.value(password) })
      })
      const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(api), body)
      return yield* Effect.mapError(
        carto.json(operation, KuvizPage, request, { ...once, ...secretsIn(password) }),
        explained
      )
    }),
    update: Effect.fn("Kuviz.update")(function* (id, changes) {
      const operation = "Kuviz.update"
      yield* writable(operation)
      const body = yield* changesBody(operation, changes)
      yield* get(operation, id)
      const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.put(at(id)), body)
      const options = { ...shown, ...secretsIn(changes.password) }
      return yield* Effect.mapError(carto.json(operation, KuvizPage, request, options), explained)
    }),
    delete: Effect.fn("Kuviz.delete")(function* (id) {
      const operation = "Kuviz.delete"
      yield* writable(operation)
      yield* get(operation, id)
      yield* Effect.mapError(deletion(carto, operation, HttpClientRequest.delete(at(id)), shown), explained)
    })
  })
})

const listParameters = (options: KuvizListOptions): Readonly<Record<string, string>> => ({
  per_page: String(pageSize),
  ...(options.search === undefined ? {} : { q: options.search }),
  ...(options.tags === undefined ? {} : { tags: options.tags.join(",") }),
  ...(options.privacy === undefined ? {} : { privacy: options.privacy }),
  ...(options.locked === undefined ? {} : { locked: String(options.locked) }),
  ...(options.shared === undefined ? {} : { shared: options.shared }),
  ...(options.orderBy === undefined ? {} : { order: options.orderBy }),
  ...(options.direction === undefined ? {} : { order_direction: options.direction })
})

const secretsIn = (password: Redacted.Redacted | null | undefined): RequestOptions => ({
  secrets: password == null ? [] : [password]
})

const explained = advised([
  {
    words: /Name has already been taken/,
    advice: "Choose another name, or say that the page of that name is to be replaced."
  },
  { status: 401, advice: "Custom visualizations need the master key of this very account and user." },
  { status: 403, advice: "Custom visualizations need the master key, and are changed by their owner only." }
])
