/** A PGlite in a thread of its own, as the main thread sees it. */
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads"
import type * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Pull from "effect/Pull"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import { DatabaseError, type Message, type RunOptions } from "../Database.ts"
import * as BackendDecoder from "../postgres/BackendDecoder.ts"
import { errorText } from "../postgres/errorText.ts"
import { searchPath } from "../sql/sessionSettings.ts"
import { feed } from "./Input.ts"
import { Control, type FromWorker, type Interrupts, type ToWorker, type WorkerOptions } from "./protocol.ts"

export interface Engine {
  /** Starts a job. It ends with the scope; the caller sees to it that there is only one at a time. */
  readonly run: (
    sql: string,
    options: RunOptions
  ) => Effect.Effect<Pull.Pull<Arr.NonEmptyReadonlyArray<Message>, DatabaseError>, never, Scope.Scope>
  /** Whether the thread is gone or must not be used any more. */
  readonly isLost: () => boolean
}

/** How long a cancelled statement may go on before its thread is ended. `pg_sleep`, for one, never notices. */
const cancelGrace = "1 second"

/** How long PostgreSQL may take to write its shutdown checkpoint; without it the next start replays the log. */
const closeGrace = "10 seconds"

/**
 * PostgreSQL stops recursion at 2 MB of C's stack; WebAssembly's frames on the thread's own stack take far more.
 * Only what is used is allocated.
 */
const resourceLimits = { stackSizeMb: 256 }

/** Ends and starts of threads are real, whatever time it is in the program's own clock. */
const realTime = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(effect, Clock.Clock, Clock.Clock.defaultValue())

type Event = Exclude<FromWorker, { readonly _tag: "InputTaken" }>

/** Opens the data folder, which no other thread or process may have open. */
export const open = Effect.fnUntraced(function* (options: Omit<WorkerOptions, "control">) {
  const control = new Int32Array(new SharedArrayBuffer(Control.length * Int32Array.BYTES_PER_ELEMENT))
  const events = yield* Queue.unbounded<Event>()
  const inputCredits = yield* Queue.unbounded<void>()
  let lost = false
  let running = false
  let interrupts: Interrupts | undefined
  let jobId = 0

  const workerOptions: WorkerOptions = { ...options, control: control.buffer }
  const worker = yield* Effect.acquireRelease(
    Effect.sync(() => new Worker(workerUrl, { workerData: workerOptions, execArgv: [], resourceLimits })),
    (worker) => Effect.promise(() => worker.terminate())
  )
  const lose = (reason: string): void => {
    lost = true
    running = false
    // Its answers cannot be trusted any more, and the next engine needs the folder.
    worker.terminate()
    Queue.offerUnsafe(events, { _tag: "Fatal", reason })
  }
  worker.on("error", (error) => lose(errorText(error)))
  worker.on("exit", () => lose("its thread ended"))
  worker.on("message", (message: FromWorker) => {
    if (message._tag === "InputTaken") Queue.offerUnsafe(inputCredits, undefined)
    else if (message._tag === "Fatal") lose(message.reason)
    else {
      if (message._tag === "End") running = false
      Queue.offerUnsafe(events, message)
    }
  })
  const send = (message: ToWorker, transfer: ReadonlyArray<MessagePort> = []) => worker.postMessage(message, transfer)

  const terminate = Effect.promise(() => worker.terminate())
  const close = Effect.suspend(() => {
    if (lost) return Effect.void
    send({ _tag: "Close" })
    return takeUntil(events, (event) => event._tag === "Closed" || event._tag === "Fatal")
  }).pipe(Effect.timeoutOption(closeGrace), realTime)
  yield* Effect.addFinalizer(() => close)

  const ready = yield* takeUntil(events, (event) => event._tag === "Ready" || event._tag === "Fatal")
  if (ready._tag === "Fatal") return yield* engineLost(`PGlite did not start: ${ready.reason}`)
  if (ready._tag === "Ready") interrupts = ready.interrupts

  const cancel = (id: number): void => {
    Atomics.store(control, Control.cancelled, id)
    if (interrupts !== undefined) {
      const memory = new Int32Array(interrupts.memory)
      Atomics.store(memory, interrupts.queryCancelPending >> 2, 1)
      Atomics.store(memory, interrupts.interruptPending >> 2, 1)
    }
    // Wakes a worker that waits for input or for its reader.
    Atomics.add(control, Control.input, 1)
    Atomics.notify(control, Control.input)
    Atomics.store(control, Control.unread, 0)
    Atomics.notify(control, Control.unread)
  }

  const run: Engine["run"] = Effect.fnUntraced(function* (sql, options) {
    const id = ++jobId
    const decoder = BackendDecoder.make()
    let timedOut = false

    if (lost) return engineLost("the database stopped before this statement")
    const channel = options.input === undefined ? undefined : new MessageChannel()

    /** Returns when the worker has ended the job, or is ended itself. */
    const stop = Effect.suspend(() => {
      cancel(id)
      return Effect.sleep("5 millis").pipe(
        Effect.repeat({ while: () => running }),
        Effect.timeoutOption(cancelGrace),
        Effect.flatMap(Option.match({ onNone: () => terminate, onSome: () => Effect.void }))
      )
    }).pipe(realTime)

    yield* Effect.addFinalizer(() =>
      Effect.suspend(() => {
        channel?.port1.close()
        return running ? stop : Effect.void
      }).pipe(Effect.andThen(Queue.clear(events)))
    )
    running = true
    Atomics.store(control, Control.unread, 0)
    send(
      {
        _tag: "Run",
        id,
        sql,
        role: options.role,
        searchPath: options.schema === undefined ? undefined : searchPath(options.schema),
        input: channel?.port2
      },
      channel === undefined ? [] : [channel.port2]
    )
    if (channel !== undefined && options.input !== undefined) {
      yield* Effect.forkScoped(feed(options.input, channel.port1, control, inputCredits))
    }
    if (options.statementTimeout !== undefined) {
      yield* Effect.forkScoped(
        Effect.andThen(
          Effect.sleep(options.statementTimeout),
          Effect.suspend(() => {
            timedOut = true
            return stop
          })
        )
      )
    }

    const fail = (error: BackendDecoder.ErrorReport) =>
      new DatabaseError(timedOut && error.code === queryCanceled ? { ...error, message: statementTimeout } : error)

    const pull: Pull.Pull<Arr.NonEmptyReadonlyArray<Message>, DatabaseError> = Effect.gen(function* () {
      for (;;) {
        const event = yield* Queue.take(events)
        switch (event._tag) {
          case "Output": {
            Atomics.sub(control, Control.unread, event.bytes.byteLength)
            Atomics.notify(control, Control.unread)
            const messages = decoder.decode(Buffer.from(event.bytes))
            if (isNonEmpty(messages)) return messages
            break
          }
          case "End": {
            const error = event.error ?? decoder.error()
            return yield* error === undefined ? Cause.done() : fail(error)
          }
          case "Fatal": {
            return yield* timedOut
              ? new DatabaseError({ code: queryCanceled, message: statementTimeout })
              : engineLost(`the database stopped in this statement and starts anew: ${event.reason}`)
          }
        }
      }
    })
    return pull
  })

  return { run, isLost: () => lost } satisfies Engine
})

const queryCanceled = "57014"
const crashShutdown = "57P02"
const statementTimeout = "canceling statement due to statement timeout"

const engineLost = (message: string) => new DatabaseError({ code: crashShutdown, message })

/** The worker's file as it stands beside this one: TypeScript from source, JavaScript in a build. */
const workerUrl = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url)

const takeUntil = (events: Queue.Dequeue<Event>, isLast: (event: Event) => boolean) =>
  Effect.repeat(Queue.take(events), { until: isLast })

const isNonEmpty = <A>(items: ReadonlyArray<A>): items is Arr.NonEmptyReadonlyArray<A> => items.length > 0
