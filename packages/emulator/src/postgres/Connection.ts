/** One connection to a PostgreSQL server. `pg` logs in; from then on the socket speaks our own codec. */
import type { Duplex } from "node:stream"
import type * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Pull from "effect/Pull"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { Client, type ClientConfig } from "pg"
import { DatabaseError, type Message, type RunOptions } from "../Database.ts"
import * as BackendDecoder from "./BackendDecoder.ts"
import { errorText } from "./errorText.ts"
import { copyData, copyDone, copyFail, pieces, query } from "./frontend.ts"

export interface Connection {
  /** Starts a statement. It ends with the scope, which leaves a clean session or a broken connection. */
  readonly run: (
    sql: string,
    options: RunOptions
  ) => Effect.Effect<Pull.Pull<Arr.NonEmptyReadonlyArray<Message>, DatabaseError>, never, Scope.Scope>
  /** The server's process, for `pg_cancel_backend`. */
  readonly pid: number
  readonly isBroken: () => boolean
}

/** Bytes that wait for their reader before the socket is paused, and with it PostgreSQL. */
const window = 1024 * 1024

type Event = { readonly _tag: "Bytes"; readonly bytes: Buffer } | { readonly _tag: "Closed"; readonly reason: string }

/** @param cancel cancels what the server's process of that id is doing */
export const connect = Effect.fnUntraced(function* (
  config: ClientConfig,
  cancel: (pid: number) => Effect.Effect<void>
): Effect.fn.Return<Connection, DatabaseError, Scope.Scope> {
  const client = yield* Effect.acquireRelease(
    Effect.sync(() => new Client(config)),
    // With a query on its way, as takeSocket leaves it, this closes the socket at once.
    (client) => Effect.ignore(Effect.tryPromise(() => client.end()))
  )
  yield* Effect.tryPromise({ try: () => client.connect(), catch: connectError })
  const socket = yield* takeSocket(client)
  const events = yield* Queue.unbounded<Event>()
  let unread = 0
  let broken = false
  socket.on("data", (bytes: Buffer) => {
    unread += bytes.length
    if (unread > window) socket.pause()
    Queue.offerUnsafe(events, { _tag: "Bytes", bytes })
  })
  const onClosed = (reason: string): void => {
    broken = true
    Queue.offerUnsafe(events, { _tag: "Closed", reason })
  }
  socket.on("error", (error: Error) => onClosed(error.message))
  socket.on("close", () => onClosed("the server closed the connection"))

  /** Writes, and waits while the socket's buffer is full. */
  const write = (bytes: Uint8Array): Effect.Effect<void> =>
    Effect.callback((resume) => {
      if (socket.write(bytes) || socket.destroyed) return resume(Effect.void)
      const forget = () => socket.off("drain", done).off("close", done)
      const done = () => {
        forget()
        resume(Effect.void)
      }
      socket.on("drain", done).on("close", done)
      return Effect.sync(forget)
    })

  const feed = (input: Stream.Stream<Uint8Array, unknown>) =>
    Stream.runForEach(input, (bytes) =>
      Effect.forEach(pieces(bytes), (piece) => write(copyData(piece)), { discard: true })
    ).pipe(
      Effect.matchCauseEffect({
        onFailure: (cause) => write(copyFail(errorText(Cause.squash(cause)))),
        onSuccess: () => write(copyDone())
      })
    )

  /** One simple query, without anything around it. */
  const exchange = Effect.fnUntraced(function* (sql: string, input?: Stream.Stream<Uint8Array, unknown>) {
    const scope = yield* Effect.scope
    let copyIn = 0
    let status: number | undefined
    const decoder = BackendDecoder.make((type, body) => {
      if (type === copyInResponse) copyIn++
      else if (type === readyForQuery) status = body[0]
    })
    socket.write(query(sql))
    const pull: Pull.Pull<Arr.NonEmptyReadonlyArray<Message>, DatabaseError> = Effect.gen(function* () {
      for (;;) {
        if (status !== undefined) {
          const error = decoder.error()
          return yield* error === undefined ? Cause.done() : new DatabaseError(error)
        }
        const event = yield* Queue.take(events)
        if (event._tag === "Closed") return yield* connectError(new Error(event.reason))
        unread -= event.bytes.length
        if (unread <= window) socket.resume()
        const messages = decoder.decode(event.bytes)
        for (; copyIn > 0; copyIn--) {
          yield* Effect.forkIn(input === undefined ? write(copyFail("No source stream defined")) : feed(input), scope)
        }
        if (isNonEmpty(messages)) return messages
      }
    })
    return { pull, status: () => status }
  })

  const drain = (sql: string) =>
    Effect.scoped(Effect.flatMap(exchange(sql), ({ pull }) => Stream.runDrain(Stream.fromPull(Effect.succeed(pull)))))

  const cleanUp = (status: number | undefined) =>
    Effect.andThen(status === idle ? Effect.void : drain("rollback"), drain("discard all"))

  const run: Connection["run"] = Effect.fnUntraced(function* (sql, options) {
    let timedOut = false
    let status = (): number | undefined => undefined
    yield* Effect.addFinalizer(() =>
      Effect.suspend(() => {
        if (broken) return Effect.void
        if (status() !== undefined) return cleanUp(status())
        broken = true
        return Effect.ensuring(
          cancel(pid),
          Effect.sync(() => socket.destroy())
        )
      }).pipe(Effect.catch(() => Effect.sync(() => socket.destroy())))
    )
    const started = yield* exchange(sql, options.input)
    status = started.status
    if (options.statementTimeout !== undefined) {
      yield* Effect.forkScoped(
        Effect.andThen(
          Effect.sleep(options.statementTimeout),
          Effect.suspend(() => {
            timedOut = true
            return cancel(pid)
          })
        )
      )
    }
    return Effect.mapError(started.pull, (error) =>
      timedOut && error instanceof DatabaseError && error.code === queryCanceled
        ? new DatabaseError({ ...error, message: "canceling statement due to statement timeout" })
        : error
    )
  })

  const [row] = yield* Effect.scoped(
    Effect.flatMap(exchange("select pg_backend_pid()"), ({ pull }) =>
      Stream.fromPull(Effect.succeed(pull)).pipe(
        Stream.filter((message) => message._tag === "DataRow"),
        Stream.runCollect
      )
    )
  )
  const pid = Number(row?.cells[0])
  return { run, pid, isBroken: () => broken }
})

const copyInResponse = 0x47 // G
const readyForQuery = 0x5a // Z
const idle = 0x49 // I
const queryCanceled = "57014"
const connectionFailure = "08006"

/** `pg` hands its socket to whatever is submitted as a query; nothing else of it is needed after the login. */
const takeSocket = (client: Client): Effect.Effect<Duplex> =>
  Effect.callback((resume) => {
    client.on("error", () => {})
    client.query({
      submit: ({ stream }) => {
        stream.removeAllListeners("data")
        resume(Effect.succeed(stream))
      },
      // Asked for when the connection ends, which our own listeners notice as well.
      handleError: () => {}
    })
  })

const connectError = (error: unknown): DatabaseError =>
  new DatabaseError({
    code:
      Predicate.hasProperty(error, "code") && sqlState.test(String(error.code))
        ? String(error.code)
        : connectionFailure,
    message: errorText(error)
  })

const sqlState = /^[0-9A-Z]{5}$/

const isNonEmpty = <A>(items: ReadonlyArray<A>): items is Arr.NonEmptyReadonlyArray<A> => items.length > 0
