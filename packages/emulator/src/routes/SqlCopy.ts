/** `/api/v2/sql/copyfrom` and `/copyto`: bytes into a table and out of a query, through PostgreSQL's COPY. */
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { type ApiError, badRequest, fromDatabase, toJson } from "../ApiError.ts"
import { Database } from "../Database.ts"
import { started } from "../formats/Format.ts"
import * as Params from "../Params.ts"
import { copyDirection, statements } from "../SqlText.ts"
import { accountRoute } from "./accountRoute.ts"
import { answer } from "./answer.ts"
import { type Exchange, endpoint } from "./endpoint.ts"
import { upload } from "./upload.ts"

export interface SqlCopyOptions {
  /** COPYs that take longer answer 429 with `detail: "datasource"`; 5 hours on the real servers. None unless told. */
  readonly copyTimeout?: Duration.Input | undefined
}

/** The statement, if it is one that cannot leave the connection hanging as it does on the real servers. */
const copyStatement = (sql: unknown, direction: "from" | "to"): Effect.Effect<string, ApiError> => {
  if (!Predicate.isString(sql)) return Effect.fail(badRequest("SQL is missing"))
  if (!/^copy /i.test(sql)) return Effect.fail(badRequest("SQL must start with COPY"))
  if (statements(sql).length > 1) {
    return Effect.fail(badRequest(`Only one statement is allowed in copy${direction}`))
  }
  const actual = copyDirection(sql)
  return actual === (direction === "from" ? "to" : "from")
    ? Effect.fail(
        badRequest(`COPY ${actual === "to" ? "TO STDOUT" : "FROM STDIN"} is not possible in copy${direction}`)
      )
    : Effect.succeed(sql)
}

/** Only what was sent as data counts as time, and only a COPY that stored rows is a success. */
const copyFrom = (options: SqlCopyOptions) =>
  Effect.fnUntraced(function* ({ key, params, request }: Exchange) {
    const database = yield* Database
    const sql = yield* copyStatement(params.query.get("q"), "from")
    const start = yield* Clock.currentTimeMillis
    const { failure, input } = yield* upload(request)
    const tag = yield* Stream.runFold(
      database.run(sql, { role: key.role, input, statementTimeout: options.copyTimeout }),
      () => "",
      (last, message) => (message._tag === "CommandComplete" ? message.tag : last)
    ).pipe(
      // Where the upload itself broke, PostgreSQL only knows that it ended early.
      Effect.catchTag("DatabaseError", (error) =>
        Effect.flatMap(failure, (cause) => Effect.fail(cause ?? fromDatabase(error)))
      )
    )
    const rows = Number(/\d+$/.exec(tag)?.[0] ?? 0)
    if (rows === 0) return yield* badRequest("No rows copied")
    const time = ((yield* Clock.currentTimeMillis) - start) / 1000
    return HttpServerResponse.text(JSON.stringify({ time, total_rows: rows }), {
      contentType: "application/json; charset=utf-8"
    })
  })

// What the real servers hold back before they commit to status 200.
const flushedFrom = 16_384

/** Joins pieces up to a size, so that a failure in a small result still becomes a status. */
const held = <E, R>(bytes: Stream.Stream<Uint8Array, E, R>): Stream.Stream<Uint8Array, E, R> =>
  Stream.suspend(() => {
    const pieces: Array<Uint8Array> = []
    let size = 0
    let isOpen = false
    const release = (): Uint8Array => {
      isOpen = true
      return Buffer.concat(pieces.splice(0))
    }
    return bytes.pipe(
      Stream.mapArray((batch): [Uint8Array] => {
        for (const piece of batch) {
          pieces.push(piece)
          size += piece.length
        }
        return [isOpen || size >= flushedFrom ? release() : new Uint8Array()]
      }),
      Stream.concat(Stream.sync(release)),
      Stream.filter((piece) => piece.length > 0)
    )
  })

/** After its first bytes a failing COPY ends in status 200 with its error behind the data, as on the real servers. */
const copyTo = (options: SqlCopyOptions) =>
  Effect.fnUntraced(function* ({ key, params, request }: Exchange) {
    const database = yield* Database
    const sql = yield* copyStatement(Params.get(params, "q"), "to")
    const filename = Params.text(params, "filename") ?? "carto-sql-copyto.dmp"
    const bytes = yield* database.run(sql, { role: key.role, statementTimeout: options.copyTimeout }).pipe(
      Stream.mapError(fromDatabase),
      Stream.filter((message) => message._tag === "CopyData"),
      Stream.map((message) => message.bytes),
      held,
      started
    )
    return yield* answer(
      request,
      bytes && Stream.catchTag(bytes, "ApiError", (error) => Stream.make(new TextEncoder().encode(toJson(error)))),
      {
        whole: false,
        contentType: "application/octet-stream",
        headers: { "content-disposition": `attachment; filename=${encodeURIComponent(filename)}` }
      }
    )
  })

/** The routes of both directions. */
export const routes = (options: SqlCopyOptions) => {
  const from = endpoint({ group: "copy_from", body: "data" }, copyFrom(options))
  const to = endpoint({ group: "copy_to", body: "parameters" }, copyTo(options))
  return Layer.mergeAll(
    accountRoute("POST", "sql/copyfrom", from),
    accountRoute("GET", "sql/copyto", to),
    accountRoute("POST", "sql/copyto", to)
  )
}
