import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { carto } from "../../harness.ts"
import { start } from "../../program.ts"

describe("carto emulator start", () => {
  it("prints address, user, key and an example that works, and ends with Ctrl-C", { timeout: 120_000 }, async () => {
    const program = start(["emulator", "start"])
    await program.says("stdout", "example")
    const lines = program.stdout().trimEnd().split("\n")
    const [address = "", user, key = ""] = lines.map((line) => line.replace(/^\w+\s+/, ""))
    assert.deepStrictEqual([lines.length, user], [4, "alice"])
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/user\/alice$/)
    const env = { CARTO_API_URL: address, CARTO_API_KEY: key, HOME: "/nowhere" }
    const { stdout } = await Effect.runPromise(carto(["sql", "query", "select 1 as a"], { env }))
    assert.strictEqual(stdout, '[\n{"a":1}\n]\n')
    program.child.kill("SIGINT")
    assert.strictEqual(await program.exit, 130)
  })

  it("owns the organization that is named", { timeout: 120_000 }, async () => {
    const program = start(["emulator", "start", "--organization", "acme"])
    await program.says("stdout", "example")
    const [address = "", , key = ""] = program
      .stdout()
      .split("\n")
      .map((line) => line.replace(/^\w+\s+/, ""))
    const env = { CARTO_API_URL: address, CARTO_API_KEY: key, HOME: "/nowhere" }
    const { stdout } = await Effect.runPromise(carto(["user", "me", "--jq", ".organization"], { env }))
    assert.strictEqual(stdout, "acme\n")
    program.child.kill("SIGINT")
    await program.exit
    const wrong = await Effect.runPromise(carto(["emulator", "start", "--organization", "A B"], { env }))
    assert.strictEqual(wrong.code, 2)
  })

  it.effect("says why it cannot start", () =>
    Effect.gen(function* () {
      const args = ["emulator", "start", "--database-url", "postgres://u:secret@127.0.0.1:1/x"]
      const { code, stderr, stdout } = yield* carto(args, { env: { HOME: "/nowhere" } })
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.match(stderr, /^error: The emulator has no database: .*\nhint: Check the address/m)
      assert.notInclude(stderr, "secret")
    })
  )

  it.effect("refuses two places for the data", () =>
    Effect.gen(function* () {
      const args = ["emulator", "start", "--data-dir", "a", "--database-url", "postgres://u:secret@localhost/x"]
      const { code, stderr, stdout } = yield* carto(args, { env: { HOME: "/nowhere" } })
      assert.deepStrictEqual([code, stdout], [2, ""])
      assert.notInclude(stderr, "secret")
    })
  )
})
