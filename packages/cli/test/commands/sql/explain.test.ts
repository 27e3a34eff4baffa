import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { emulator, onEmulator } from "../../harness.ts"

it.layer(emulator.layer, emulator.options)("carto sql explain", (it) => {
  it.effect("prints PostgreSQL's plan", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* onEmulator(["sql", "explain", "select * from generate_series(1, 9)"])
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.match(stdout, /^Function Scan on generate_series .*\n$/)
    })
  )

  it.effect("--analyze runs the statement", () =>
    Effect.gen(function* () {
      const { stdout } = yield* onEmulator(["sql", "explain", "--analyze", "-"], { stdin: "select 1" })
      assert.include(stdout, "actual time=")
    })
  )

  it.effect("fails with the server's words", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* onEmulator(["sql", "explain", "select * from nope"])
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.include(stderr, 'relation "nope" does not exist')
    })
  )
})
