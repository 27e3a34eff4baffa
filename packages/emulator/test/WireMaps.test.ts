import { assert, describe, it, type Vitest } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Database } from "../src/Database.ts"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { send } from "./http.ts"
import * as PostgresServer from "./PostgresServer.ts"
import { compareMaps } from "./wire/compareMaps.ts"
import * as account from "./wire/mapsAccount.ts"
import { exceptions } from "./wire/mapsExceptions.ts"
import { type MapsRecording, recordings } from "./wire/mapsRecordings.ts"

const withTables = Layer.effect(
  Database,
  Effect.gen(function* () {
    const database = yield* Database
    yield* database.rows(account.tables)
    return Database.of({ ...database, name: "wire_db" })
  })
)

const host = "cdn.carto.test:58181"

const emulator = Layer.effectDiscard(
  Effect.gen(function* () {
    const emulator = yield* Emulator
    yield* emulator.addKey({
      name: "regular",
      token: Redacted.make("regular-ana"),
      tables: [{ table: "secrets", permissions: ["select"] }]
    })
    yield* emulator.addKey({ name: "nomaps", token: Redacted.make("nomaps-ana"), apis: ["sql"] })
  })
).pipe(
  Layer.provideMerge(
    Emulator.layer({
      user: "ana",
      apiKey: Redacted.make("master-ana"),
      cdn: { http: host, https: host, subdomains: ["a", "b", "c"] }
    })
  ),
  Layer.provideMerge(withTables)
)

const replay = (it: Vitest.MethodsNonLive<Database | Emulator>) => {
  /** The ids of maps of this run by the recorded ones. */
  const ids = new Map<string, string>()

  const ask = Effect.fnUntraced(function* ({ method, path, requestBody, requestHeaders }: account.Request) {
    const { origin } = yield* Emulator
    const { "content-length": _, host: recordedHost = "ana.carto.test", ...headers } = requestHeaders
    const own = [...ids].reduce((all, [recorded, id]) => all.replaceAll(recorded, id), path)
    return yield* send(origin + own, {
      method,
      headers: {
        ...headers,
        host: account.hosts[recordedHost] ?? recordedHost,
        ...(method === "POST" || method === "PUT" ? { "content-length": String(Buffer.byteLength(requestBody)) } : {})
      },
      body: requestBody
    })
  })

  /** What is not recorded but was asked before. */
  const prepare = Effect.fnUntraced(function* ({ name }: MapsRecording) {
    const emulator = yield* Emulator
    for (const { map, ...request } of account.before[name] ?? []) {
      const { headers } = yield* ask(request)
      if (map !== undefined) ids.set(map, String(headers["carto-map-id"]))
    }
    for (const group of ["anonymous", "tile"] as const) yield* emulator.setRateLimit(group, [])
    const limited = account.rateLimits[name]
    if (limited !== undefined) {
      yield* emulator.setRateLimit(limited.group, limited.limits)
      const path = limited.group === "tile" ? "/map/none/0/0/0.mvt" : "/map"
      for (const pause of limited.earlier) {
        yield* send(`${emulator.url}/api/v1${path}`)
        yield* TestClock.adjust(pause)
      }
    }
    const change = account.changes[name]
    if (change !== undefined) yield* (yield* Database).rows(change)
  })

  for (const recording of recordings) {
    const reason = exceptions[recording.name]
    it.effect(
      reason === undefined ? `${recording.name} is answered as recorded` : `${recording.name} differs: ${reason}`,
      () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(recording.date)
          yield* prepare(recording)
          const response = yield* ask(recording)
          const map = recording.headers["carto-map-id"]
          const own = response.headers["carto-map-id"]
          if (map !== undefined && typeof own === "string" && map.length === 32) ids.set(map, own)
          const { answered, recorded } = compareMaps(recording, response, ids)
          if (reason === undefined) assert.deepStrictEqual(answered, recorded)
          else assert.notDeepEqual(answered, recorded)
        })
    )
  }
}

it.layer(emulator.pipe(Layer.provide(PgliteDatabase.layer())), { timeout: "2 minutes" })("Wire of maps", replay)

describe.skipIf(PostgresServer.serverUrl === undefined)("Wire of maps on a server", () => {
  it.layer(emulator.pipe(Layer.provide(PostgresServer.layer)), { timeout: "2 minutes" })(replay)
})

it("every exception is a recording", () => {
  const names = new Set(recordings.map(({ name }) => name))
  assert.deepStrictEqual(
    Object.keys(exceptions).filter((name) => !names.has(name)),
    []
  )
})

it("240 recordings or more are answered as recorded", () => {
  assert.isAtLeast(recordings.length - Object.keys(exceptions).length, 240)
})
