import { assert, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Emulator } from "../src/Emulator.ts"
import { basic, json, send } from "./http.ts"

const list = Effect.fnUntraced(function* (query: string, key?: string) {
  const { masterKey, url } = yield* Emulator
  return yield* send(`${url}/api/v4/datasets?api_key=${key ?? Redacted.value(masterKey)}&${query}`)
})

const sql = Effect.fnUntraced(function* (q: string) {
  const { masterKey, url } = yield* Emulator
  return yield* send(`${url}/api/v2/sql?${new URLSearchParams({ q, api_key: Redacted.value(masterKey) })}`)
})

it.layer(Emulator.layerTest, { timeout: "2 minutes", excludeTestServices: true })("Datasets", (it) => {
  it.effect("tables and views are listed with what the key may do", () =>
    Effect.gen(function* () {
      const { addKey } = yield* Emulator
      yield* sql(`CREATE TABLE stations (name text); SELECT CDB_CartodbfyTable('stations');
        CREATE TABLE plain (a int); CREATE VIEW shown AS SELECT count(*) FROM plain`)
      const { _links, ...all } = json(yield* list(""))
      const { updated_at, ...stations } = all.result[2]
      assert.match(updated_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      const common = { table_schema: "public", mode: "rw", shared: false }
      const none = { cartodbfied: false, privacy: null, updated_at: null }
      assert.deepStrictEqual(stations, { ...common, name: "stations", cartodbfied: true, privacy: "private" })
      assert.deepStrictEqual(all.result.slice(0, 2), [
        { ...common, name: "plain", ...none },
        { ...common, mode: "r", name: "shown", ...none }
      ])
      assert.deepStrictEqual([all.total, all.count, Object.keys(_links)], [3, 3, ["first", "last"]])

      yield* addKey({
        name: "lister",
        tables: [
          { table: "stations", permissions: ["select"] },
          { table: "plain", permissions: ["insert"] }
        ],
        tableMetadata: true
      })
      const own = json(yield* list("order=name&order_direction=desc", "local-lister-key"))
      assert.deepStrictEqual(
        own.result.map(({ mode, name }: Record<string, string>) => [name, mode]),
        [
          ["stations", "r"],
          ["plain", "w"]
        ]
      )
      const second = json(yield* list("per_page=2&page=2"))
      assert.deepStrictEqual([second.total, second.count], [3, 1])
    })
  )

  it.effect("other keys are refused, and a Basic header alone breaks the server", () =>
    Effect.gen(function* () {
      const { addKey, masterKey, plan, url } = yield* Emulator
      yield* addKey({ name: "other" })
      const statuses = yield* Effect.forEach(["wrong", "default_public", "local-other-key"], (key) =>
        Effect.map(list("", key), ({ status }) => status)
      )
      assert.deepStrictEqual(statuses, [401, 403, 403])
      const headers = basic("alice", Redacted.value(masterKey))
      const alone = yield* send(`${url}/api/v4/datasets`, { headers })
      assert.deepStrictEqual([alone.status, json(alone)], [500, { status: "500", error: "Internal Server Error" }])
      assert.strictEqual((yield* list("order=size")).status, 400)
      yield* plan.set({ engine: false })
      assert.strictEqual((yield* list("")).status, 404)
      yield* plan.set({ engine: true })
    })
  )
})
