/** The synchronizations of the account: their first imports, and the runs that the clock or their owner starts. */
import { randomUUID } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Semaphore from "effect/Semaphore"
import { Catalog } from "../catalog/Catalog.ts"
import type { DatabaseError } from "../Database.ts"
import type { Asked, Source } from "../imports/Asked.ts"
import { failureText } from "../imports/failures.ts"
import type { Import } from "../imports/Import.ts"
import { Imports } from "../imports/Imports.ts"
import { readUrl } from "../imports/importRequest.ts"
import type { Refusal } from "../Refusal.ts"
import { refuse } from "../Refusal.ts"
import { Account } from "../users/Account.ts"
import {
  isScheduled,
  isStartable,
  isUnderWay,
  type Synchronization,
  toObject,
  type Version,
  type Zone
} from "./Synchronization.ts"
import { assign, type Body, type Request } from "./synchronizationRequest.ts"

/** What only the owner of an emulator may do with its synchronizations. */
export interface SynchronizationKnobs {
  /** Lets the first import of the next synchronizations die unnoticed: they stay `queued`. */
  readonly stickNext: (times?: number) => Effect.Effect<void>
  /** Holds runs in the state `syncing`, or lets them go on. */
  readonly hold: (held: boolean) => Effect.Effect<void>
  /** Tells synchronizations as an older server does. */
  readonly setVersion: (version: Version) => Effect.Effect<void>
}

/** Runs of the user at a time. */
const maxRuns = 3

/** Kept in memory: they do not outlive the emulator. Those whose dataset is gone are gone with it. */
export class Synchronizations extends Context.Service<
  Synchronizations,
  {
    /** Stores it and starts its first import; a bad address is refused only after that, as CARTO does it. */
    readonly create: (
      request: Request
    ) => Effect.Effect<{ readonly synchronization: Synchronization; readonly importId: string }, Refusal>
    readonly all: Effect.Effect<ReadonlyArray<Synchronization>, DatabaseError>
    readonly get: (id: string) => Effect.Effect<Synchronization | undefined, DatabaseError>
    /** Starts a run unless it is too soon, one is under way, or too many are. */
    readonly runNow: (one: Synchronization) => Effect.Effect<boolean, DatabaseError>
    /** As its JSON tells it. */
    readonly show: (one: Synchronization, zone: Zone) => Effect.Effect<object>
    /** Writes any column. */
    readonly update: (one: Synchronization, body: Body) => Effect.Effect<void, DatabaseError>
    /** The dataset stays. */
    readonly remove: (one: Synchronization) => Effect.Effect<void, DatabaseError>
    readonly knobs: SynchronizationKnobs
  }
>()("carto-emulator/Synchronizations") {
  static readonly layer = Layer.effect(
    Synchronizations,
    Effect.suspend(() => make())
  )
}

const sourceOf = ({ connector, url }: Synchronization): Source => {
  if (connector !== undefined) return { _tag: "Connector", connector }
  return url === null ? { _tag: "None" } : { _tag: "Url", url }
}

const make = Effect.fnUntraced(function* () {
  const imports = yield* Imports
  const catalog = yield* Catalog
  const { me } = yield* Account
  const known = new Map<string, Synchronization>()
  const timers = yield* FiberMap.make<string>()
  const runs = yield* FiberMap.make<string>()
  const permits = yield* Semaphore.make(maxRuns)
  const stuck = yield* Ref.make(0)
  const gate = yield* Latch.make(true)
  const version = yield* Ref.make<Version>("current")

  /** Shows the dataset's own visualization what became of its synchronization. */
  const tell = (one: Synchronization) =>
    one.visualizationId === null
      ? Effect.void
      : Effect.asVoid(catalog.update(one.visualizationId, { synchronization: toObject(one, "Z", "current") }))

  /** Starts the next run in its time. */
  const schedule = (one: Synchronization): Effect.Effect<void> =>
    Effect.gen(function* () {
      yield* Effect.sleep(Math.max(0, one.runAt - (yield* Clock.currentTimeMillis)))
      if (isScheduled(one) && known.has(one.id)) yield* start(one)
    }).pipe(FiberMap.run(timers, one.id), Effect.asVoid)

  const succeeded = Effect.fnUntraced(function* (one: Synchronization, done: Import) {
    const made = done.made.at(-1)
    if (made !== undefined) {
      one.name = made.name
      one.visualizationId = (yield* catalog.dataset(made.name))?.id ?? null
    }
    one.source = done.source ?? one.source
    one.state = "success"
    one.errorCode = null
    one.errorMessage = null
    one.retriedTimes = 0
  })

  const failed = (one: Synchronization, code: number, isFirst: boolean): void => {
    const text = failureText(code)
    one.state = "failure"
    one.errorCode = code
    one.errorMessage = text === null ? null : isFirst ? `${text.title}: ${text.what_about}` : text.title
    if (!isFirst) one.retriedTimes += 1
  }

  const finish = Effect.fnUntraced(function* (one: Synchronization, done: Import, isFirst: boolean) {
    if (done.state === "complete") yield* succeeded(one, done)
    else failed(one, done.failure?.code ?? 99999, isFirst)
    const now = yield* Clock.currentTimeMillis
    one.updatedAt = now
    one.runAt = now + one.interval * 1000
    yield* tell(one)
    yield* schedule(one)
  }, Effect.orDie)

  /** Begins an import for a synchronization; the later ones replace its table. */
  const load = Effect.fnUntraced(function* (one: Synchronization, isFirst: boolean) {
    const asked: Asked = {
      source: sourceOf(one),
      options: isFirst ? one.options : { ...one.options, createVis: false },
      userDefinedLimits: JSON.stringify({ twitter_credits_limit: 0 })
    }
    const refresh = one.visualizationId === null ? undefined : { known: one.source }
    return yield* imports.create(asked, yield* imports.workspace, {
      id: one.id,
      tableName: one.name ?? undefined,
      refresh
    })
  }, Effect.orDie)

  const start = Effect.fnUntraced(function* (one: Synchronization): Effect.fn.Return<void> {
    const now = yield* Clock.currentTimeMillis
    one.state = "queued"
    one.updatedAt = now
    one.ranAt = now
    one.logId = randomUUID()
    yield* Effect.gen(function* () {
      one.state = "syncing"
      yield* gate.await
      const { done, one: run } = yield* load(one, false)
      yield* done
      yield* finish(one, run, false)
    }).pipe(permits.withPermit, FiberMap.run(runs, one.id))
  })

  const forget = (one: Synchronization) =>
    Effect.all([
      Effect.sync(() => known.delete(one.id)),
      FiberMap.remove(timers, one.id),
      FiberMap.remove(runs, one.id)
    ])

  /** Whether it is still there; it goes with its dataset. */
  const isAlive = Effect.fnUntraced(function* (one: Synchronization) {
    if (one.visualizationId === null || (yield* catalog.find(one.visualizationId)) !== undefined) return true
    yield* forget(one)
    return false
  })

  const store = Effect.fnUntraced(function* (request: Request) {
    const now = yield* Clock.currentTimeMillis
    const one: Synchronization = {
      id: randomUUID(),
      userId: me.id,
      createdAt: now,
      options: request.options,
      connector: request.connector,
      name: request.tableName,
      interval: request.interval,
      url: request.url,
      state: "created",
      updatedAt: now,
      runAt: now + request.interval * 1000,
      ranAt: now,
      source: undefined,
      logId: null,
      errorCode: null,
      errorMessage: null,
      retriedTimes: 0,
      serviceName: request.serviceName,
      serviceItemId: request.serviceItemId,
      visualizationId: null
    }
    known.set(one.id, one)
    return one
  })

  const create = Effect.fnUntraced(function* (request: Request) {
    const one = yield* store(request)
    if (request.url !== null)
      yield* Effect.mapError(Effect.fromResult(readUrl(request.url)), (text) => refuse(400, text))
    const { done, one: first } = yield* load(one, true)
    one.state = "queued"
    one.logId = randomUUID()
    const isStuck = yield* Ref.getAndUpdate(stuck, (left) => Math.max(0, left - 1))
    // An import without a source dies before it could tell its synchronization.
    if (isStuck === 0 && sourceOf(one)._tag !== "None") {
      yield* Effect.andThen(done, finish(one, first, true)).pipe(FiberMap.run(runs, one.id))
    }
    return { synchronization: one, importId: first.id }
  })

  return Synchronizations.of({
    create,
    all: Effect.suspend(() => Effect.filter([...known.values()], isAlive)),
    get: Effect.fnUntraced(function* (id) {
      const one = known.get(id.toLowerCase())
      return one !== undefined && (yield* isAlive(one)) ? one : undefined
    }),
    runNow: Effect.fnUntraced(function* (one) {
      const running = [...known.values()].filter((other) => other !== one && isUnderWay(other)).length
      if (running >= maxRuns || !isStartable(one, yield* Clock.currentTimeMillis)) return false
      yield* start(one)
      return true
    }),
    show: (one, zone) => Effect.map(Ref.get(version), (version) => toObject(one, zone, version)),
    update: Effect.fnUntraced(function* (one, body) {
      assign(one, body, yield* Clock.currentTimeMillis)
      yield* schedule(one)
      yield* tell(one)
    }),
    remove: Effect.fnUntraced(function* (one) {
      yield* forget(one)
      if (one.visualizationId !== null) yield* catalog.update(one.visualizationId, { synchronization: null })
    }),
    knobs: {
      stickNext: (times = 1) => Ref.update(stuck, (left) => left + times),
      hold: (held) => Effect.asVoid(held ? gate.close : gate.open),
      setVersion: (value) => Ref.set(version, value)
    }
  })
})
