import { existsSync, openSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Effect, Redacted } from "effect"
import { emulator } from "./harness.ts"
import { start } from "./program.ts"

const environment = Effect.map(Emulator, ({ masterKey, url }) => ({
  CARTO_API_URL: url,
  CARTO_API_KEY: Redacted.value(masterKey)
}))

const many = "select i, repeat('x', 100) as t from generate_series(1, 200000) i"

describe("the program", () => {
  it("ends with 2 and an empty standard output when the call is wrong", async () => {
    const program = start(["sql", "query", "--fromat", "csv"])
    assert.deepStrictEqual([await program.exit, program.stdout()], [2, ""])
    assert.strictEqual(
      program.stderr(),
      "error: Unrecognized flag: --fromat in command carto sql query\n" +
        "hint: Did you mean --format? Run carto sql query --help for usage.\n"
    )
  })

  it.for(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "ends with 130 after %s, quietly, and closes the connection, on which the server cancels",
    async (signal) => {
      const server = createServer().listen(0, "127.0.0.1")
      await new Promise((resolve) => server.once("listening", resolve))
      const asked = new Promise<{ readonly closed: Promise<void> }>((resolve) =>
        server.once("request", ({ socket }) =>
          resolve({ closed: new Promise((closed) => socket.once("close", () => closed())) })
        )
      )
      const { port } = server.address() as AddressInfo
      const program = start(["sql", "query", "vacuum"], { CARTO_API_URL: `http://127.0.0.1:${port}/user/ada` })
      const { closed } = await asked
      program.child.kill(signal)
      await closed
      assert.deepStrictEqual([await program.exit, program.stdout(), program.stderr()], [130, "", ""])
      server.close()
    }
  )
})

it.layer(emulator.layer, emulator.options)("the program on a server", (it) => {
  it.effect("prints data and ends with 0", () =>
    Effect.gen(function* () {
      const program = start(["sql", "query", "select 1 as a"], yield* environment)
      const code = yield* Effect.promise(() => program.exit)
      assert.deepStrictEqual([code, program.stdout(), program.stderr()], [0, '[\n{"a":1}\n]\n', ""])
    })
  )

  for (const args of [
    ["sql", "query", "--format", "csv", many],
    ["sql", "copy", "to", "--query", many, "-"]
  ]) {
    it.effect(`${args[1]} ends quietly with 0 when the reader has seen enough`, () =>
      Effect.gen(function* () {
        const program = start(args, yield* environment)
        yield* Effect.promise(() => program.says("stdout", "i,t\n"))
        program.child.stdout?.destroy()
        const code = yield* Effect.promise(() => program.exit)
        assert.deepStrictEqual([code, program.stderr()], [0, ""])
      })
    )
  }

  it.effect.runIf(existsSync("/dev/full"))("fails when standard output is full", () =>
    Effect.gen(function* () {
      const program = start(["sql", "query", "select 1"], yield* environment, openSync("/dev/full", "w"))
      const code = yield* Effect.promise(() => program.exit)
      assert.strictEqual(code, 1)
      assert.match(program.stderr(), /^error: Cannot write to standard output: ENOSPC/)
    })
  )
})
