import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Database } from "../src/Database.ts"
import { Emulator, type EmulatorOptions } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { ownerRole } from "../src/sql/roles.ts"
import { type RawResponse, send } from "./http.ts"
import * as account from "./wire/account.ts"
import { type Clock, compare } from "./wire/compare.ts"
import { exceptions } from "./wire/exceptions.ts"
import { type Recording, recordings } from "./wire/Recording.ts"

// Batch jobs are replayed by their own test.
const replayed = recordings.filter(
  ({ name, path }) => !name.startsWith("b") && !/^\/api\/v2\/(sql\/job|jobs-wip)/.test(path)
)

const database = Layer.effect(
  Database,
  Effect.map(Database, (database) => Database.of({ ...database, name: "carto_alice" }))
).pipe(Layer.provide(PgliteDatabase.layer()))

const emulator = (options: EmulatorOptions = {}) =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.addKey({ name: "regular", token: Redacted.make("aliceregular") })
      yield* emulator.addKey({ name: "nosql", token: Redacted.make("alicenosql"), apis: ["maps"] })
    })
  ).pipe(Layer.provideMerge(Emulator.layer({ ...options, apiKey: Redacted.make("alicemaster") })))

const groupPaths: Readonly<Record<string, readonly [method: string, path: string]>> = {
  query: ["GET", "/api/v2/sql"],
  copy_from: ["POST", "/api/v2/sql/copyfrom"],
  copy_to: ["GET", "/api/v2/sql/copyto"]
}

/** Uses up as much of a rate limit as was used up before a recording. */
const spend = Effect.fnUntraced(function* (name: string) {
  const emulator = yield* Emulator
  for (const { group } of Object.values(account.rateLimits)) yield* emulator.setRateLimit(group, [])
  const limited = account.rateLimits[name]
  if (limited === undefined) return
  yield* emulator.setRateLimit(limited.group, limited.limits)
  const [method, path] = groupPaths[limited.group] ?? ["GET", "/"]
  for (const pause of limited.earlier) {
    yield* send(`${emulator.url}${path}`, { method })
    yield* TestClock.adjust(pause)
  }
})

const mayWrite = ({ path, requestBody }: Recording) =>
  /insert|update|delete|create|drop|into|copyfrom|cartodbfy/i.test(path + requestBody)

const withMetadata =
  "CREATE TABLE IF NOT EXISTS cartodb.cdb_tablemetadata (tabname regclass PRIMARY KEY, updated_at timestamptz NOT NULL)"

let isPristine = false

/** Brings the tables back to where a recording starts, where an earlier one may have changed them. */
const restore = Effect.fnUntraced(function* (recording: Recording) {
  const database = yield* Database
  const before = account.before[recording.name]
  const changes = Object.entries(account.changes[recording.name] ?? {})
  if (!isPristine || before !== undefined || changes.length > 0) {
    yield* database.rows(`${account.tables}${before ?? ""}`, { role: ownerRole })
    const records = changes.map(
      ([table, time]) => `INSERT INTO cartodb.cdb_tablemetadata VALUES ('${table}', '${time}')`
    )
    yield* database.rows([withMetadata, "DELETE FROM cartodb.cdb_tablemetadata", ...records].join(";"))
  }
  isPristine = before === undefined && changes.length === 0 && !mayWrite(recording)
})

const replay = Effect.fnUntraced(function* (recording: Recording) {
  const emulator = yield* Emulator
  const { "content-length": length, "transfer-encoding": encoding, ...headers } = recording.requestHeaders
  const body = account.bodies[recording.name]?.(Number(length)) ?? recording.requestBody
  const framing: Record<string, string> = encoding
    ? { "transfer-encoding": encoding }
    : { "content-length": String(Buffer.byteLength(body)) }
  return yield* send(emulator.origin + recording.path, {
    method: recording.method,
    headers: { ...headers, ...framing },
    body
  })
})

const check = (recording: Recording, response: RawResponse, clock: Clock) => {
  const { answered, recorded } = compare(recording, response, clock)
  if (exceptions[recording.name] === undefined) assert.deepStrictEqual(answered, recorded)
  else assert.notDeepEqual(answered, recorded)
}

const title = ({ name }: Recording) =>
  exceptions[name] === undefined ? `${name} is answered as recorded` : `${name} differs: ${exceptions[name]}`

it.layer(database, { timeout: "2 minutes" })("Wire", (it) => {
  it.layer(emulator())((it) => {
    for (const recording of replayed.filter(({ name }) => !account.timeouts.has(name))) {
      it.effect(title(recording), () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(recording.date + (recording.name === "e03-undefined-column-hint" ? 0 : 500))
          yield* restore(recording)
          yield* spend(recording.name)
          check(recording, yield* replay(recording), "recorded")
        })
      )
    }
  })

  it("every exception is a recording", () => {
    const names = new Set(replayed.map(({ name }) => name))
    assert.deepStrictEqual(
      Object.keys(exceptions).filter((name) => !names.has(name)),
      []
    )
  })

  it("150 recordings or more are answered as recorded", () => {
    assert.isAtLeast(replayed.length - Object.keys(exceptions).length, 150)
  })
})

const impatient = emulator({ statementTimeout: "1 second", copyTimeout: "1 second" }).pipe(Layer.provideMerge(database))

it.layer(impatient, { timeout: "2 minutes", excludeTestServices: true })("Wire with time limits", (it) => {
  for (const recording of replayed.filter(({ name }) => account.timeouts.has(name))) {
    it.effect(title(recording), () => Effect.map(replay(recording), (response) => check(recording, response, "today")))
  }
})
