import { assert, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Emulator } from "../src/Emulator.ts"
import { json, send } from "./http.ts"

const query = Effect.fnUntraced(function* (q: string, more: Record<string, string> = {}) {
  const emulator = yield* Emulator
  const params = new URLSearchParams({ q, api_key: Redacted.value(emulator.masterKey), ...more })
  return yield* send(`${emulator.url}/api/v2/sql?${params}`)
})

it.layer(Emulator.layerTest, { timeout: "2 minutes", excludeTestServices: true })("Sql", (it) => {
  it.effect("rows come first, metadata last", () =>
    Effect.gen(function* () {
      const response = yield* query("SELECT 1 AS a, 'x' AS b")
      assert.strictEqual(response.status, 200)
      assert.deepStrictEqual(Object.keys(json(response)), ["rows", "time", "fields", "total_rows"])
    })
  )
})
