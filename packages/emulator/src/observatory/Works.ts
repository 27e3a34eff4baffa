/** Pieces of work of the Data Observatory, which go on while their clients ask how far they are. */
import { randomUUID } from "node:crypto"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import { Auth } from "../Auth.ts"
import { Database, type DatabaseError } from "../Database.ts"
import { quoteLiteral } from "../SqlText.ts"
import { prepare } from "../sql/prepare.ts"
import { stateSchema } from "../sql/state.ts"

/** The ends are those of the reference, §16.2; the states before them are the emulator's choice of words. */
const Work = Schema.Struct({
  status: Schema.Literals(["pending", "running", "success", "failure"]),
  errors: Schema.NullOr(Schema.Array(Schema.String))
})
export type Work = typeof Work.Type

/** What only the owner of an emulator may do with the Data Observatory. */
export interface ObservatoryKnobs {
  /**
   * How often each state of an import or an enrichment must have been asked for before it goes on; 0 where not told.
   *
   * `Infinity` holds it until the knob is set anew.
   */
  readonly setPolls: (polls: Partial<Readonly<Record<"pending" | "running", number>>>) => Effect.Effect<void>
}

/** What the work is told to have failed with. */
export type WorkFailure = ReadonlyArray<string>

/** The database's own words. */
export const databaseFailure = ({ detail, message }: DatabaseError): WorkFailure => [
  detail === undefined ? message : `${message}: ${detail}`
]

export class Works extends Context.Service<
  Works,
  {
    /** Puts it in line: one runs, the others wait. The subject is what it can be asked for with. */
    readonly start: (subject: string, work: Effect.Effect<void, WorkFailure>) => Effect.Effect<string, DatabaseError>
    /** Asking may be what the work waits for. */
    readonly poll: (subject: string, id: string) => Effect.Effect<Work | undefined, DatabaseError>
    readonly knobs: ObservatoryKnobs
  }
>()("carto-emulator/Works") {
  static readonly layer = Layer.effect(
    Works,
    Effect.suspend(() => make)
  )
}

const table = `${stateSchema}.observatory_works`

const schema = `create table if not exists ${table} (
  id text primary key, account text not null, subject text not null, status text not null, errors jsonb
)`

// What ran when an emulator was stopped is lost.
const giveUp = (account: string) => `update ${table}
  set status = 'failure', errors = '["the server was stopped meanwhile"]'
  where account = ${account} and status in ('pending', 'running')`

/** A piece of work in line, and how often its present state was asked for. */
interface Entry {
  readonly id: string
  readonly work: Effect.Effect<void, WorkFailure>
  state: "pending" | "running"
  polls: number
  latch: Latch.Latch
}

const decode = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ work: Schema.fromJsonString(Work) })))

const make = Effect.gen(function* () {
  const database = yield* Database
  const account = quoteLiteral((yield* Auth).user)
  yield* prepare(schema)
  yield* database.rows(giveUp(account))
  const entries = new Map<string, Entry>()
  const line = yield* Queue.unbounded<Entry>()
  let wanted: Partial<Readonly<Record<Entry["state"], number>>> = {}

  const release = ({ latch, polls, state }: Entry) => {
    if (polls >= (wanted[state] ?? 0)) latch.openUnsafe()
  }
  const hold = (entry: Entry) =>
    Effect.suspend(() => {
      release(entry)
      return entry.latch.await
    })
  const set = (id: string, status: Work["status"], errors?: WorkFailure) => {
    const told = errors === undefined ? "null" : quoteLiteral(JSON.stringify(errors))
    return database.rows(`update ${table} set status = '${status}', errors = ${told} where id = '${id}'`)
  }

  const end = ({ id }: Entry, errors: WorkFailure | undefined) =>
    Effect.suspend(() => {
      entries.delete(id)
      return set(id, errors === undefined ? "success" : "failure", errors)
    })

  const walk = Effect.fnUntraced(function* (entry: Entry) {
    yield* hold(entry)
    yield* set(entry.id, "running")
    entry.state = "running"
    entry.polls = 0
    entry.latch = Latch.makeUnsafe(false)
    yield* hold(entry)
    yield* end(entry, yield* Effect.match(entry.work, { onFailure: (errors) => errors, onSuccess: () => undefined }))
  })

  yield* Queue.take(line).pipe(
    Effect.flatMap((entry) =>
      // The database being gone for a moment, or a bug, does not end the line.
      Effect.catchCause(walk(entry), (cause) =>
        Effect.ignore(
          end(
            entry,
            Cause.prettyErrors(cause).map(({ message }) => message)
          )
        )
      )
    ),
    Effect.forever,
    Effect.forkScoped
  )

  return Works.of({
    start: Effect.fn("Works.start")(function* (subject, work) {
      const id = randomUUID()
      yield* database.rows(
        `insert into ${table} (id, account, subject, status)
         values ('${id}', ${account}, ${quoteLiteral(subject)}, 'pending')`
      )
      const entry: Entry = { id, work, state: "pending", polls: 0, latch: Latch.makeUnsafe(false) }
      entries.set(id, entry)
      yield* Queue.offer(line, entry)
      return id
    }),
    poll: Effect.fn("Works.poll")(function* (subject, id) {
      const rows = yield* database.rows(
        `select to_jsonb(w)::text as work from ${table} w
         where id = ${quoteLiteral(id)} and account = ${account} and subject = ${quoteLiteral(subject)}`
      )
      const found = (yield* Effect.orDie(decode(rows)))[0]?.work
      const entry = entries.get(id)
      if (entry !== undefined && found?.status === entry.state) {
        entry.polls += 1
        release(entry)
      }
      return found
    }),
    knobs: {
      setPolls: (polls) =>
        Effect.sync(() => {
          wanted = polls
          for (const entry of entries.values()) release(entry)
        })
    }
  })
})
