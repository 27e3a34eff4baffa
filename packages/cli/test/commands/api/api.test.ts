import { assert, describe, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Effect } from "effect"
import { emulator, onEmulator } from "../../harness.ts"

describe("carto api", () => {
  it.layer(
    emulator.layer,
    emulator.options
  )((it) => {
    it.effect("prints what the endpoint answers, as it came", () =>
      Effect.gen(function* () {
        const { code, stdout } = yield* onEmulator(["api", "GET", "/api/v2/sql", "--field", "q=select 1 as one"])
        assert.strictEqual(code, 0)
        assert.deepInclude(JSON.parse(stdout), { rows: [{ one: 1 }], total_rows: 1 })
      })
    )

    it.effect("sends the fields of a POST as a JSON body", () =>
      Effect.gen(function* () {
        const { stdout } = yield* onEmulator([
          "api",
          "POST",
          "api/v2/sql",
          "-F",
          "q=select 'a=b' as text",
          "--jq",
          ".rows[0].text"
        ])
        assert.strictEqual(stdout, "a=b\n")
      })
    )

    it.effect("sends standard input as the body", () =>
      Effect.gen(function* () {
        const { stdout } = yield* onEmulator(["api", "POST", "/api/v2/sql", "--input", "-", "--json", "total_rows"], {
          stdin: JSON.stringify({ q: "select generate_series(1, 3)" })
        })
        assert.strictEqual(stdout, '{"total_rows":3}\n')
      })
    )

    it.effect("an empty list has no members to miss", () =>
      Effect.gen(function* () {
        const args = [
          "api",
          "GET",
          "/api/v1/viz",
          "--field",
          "q=nothing is named so",
          "--paginate",
          "--json",
          "id,name"
        ]
        assert.deepStrictEqual(yield* onEmulator(args), { code: 0, stdout: "[]\n", stderr: "" })
      })
    )

    it.effect("understands the whole address, and refuses another host", () =>
      Effect.gen(function* () {
        const { url } = yield* Emulator
        const own = yield* onEmulator(["api", "GET", `${url}/api/v2/sql?q=select%201`])
        assert.strictEqual(own.code, 0)
        const other = yield* onEmulator(["api", "GET", "https://ada:secret@example.test/api/v2/sql?api_key=secret"])
        assert.strictEqual(other.code, 2)
        assert.include(other.stderr, "https://example.test/api/v2/sql is not an address of the account")
        assert.notInclude(other.stderr, "secret")
      })
    )

    it.effect("fails with the server's words", () =>
      Effect.gen(function* () {
        const { code, stderr } = yield* onEmulator(["api", "GET", "/api/v2/sql", "--field", "q=select * from nowhere"])
        assert.strictEqual(code, 1)
        assert.include(stderr, 'relation "nowhere" does not exist')
      })
    )

    it.effect("holds a change back with --dry-run", () =>
      Effect.gen(function* () {
        const { code, stderr } = yield* onEmulator(["api", "DELETE", "/api/v1/viz/x", "--dry-run"])
        assert.strictEqual(code, 0)
        assert.match(stderr, /^would DELETE .*\/api\/v1\/viz\/x\n/)
      })
    )

    it.effect("says what a field looks like, and takes one that is empty", () =>
      Effect.gen(function* () {
        for (const field of ["q", "=select 1"]) {
          const { code, stderr } = yield* onEmulator(["api", "GET", "/api/v2/sql", "--field", field])
          assert.strictEqual(code, 2)
          assert.include(stderr, `NAME=VALUE, such as types=table, not ${JSON.stringify(field)}`)
        }
        const fields = ["--field", "description=", "--field", "name=a=b"]
        const { stderr } = yield* onEmulator(["api", "PUT", "/api/v1/viz/x", ...fields, "--dry-run"])
        assert.include(stderr, '{"description":"","name":"a=b"}')
      })
    )

    it.effect("asks for pages with GET only", () =>
      Effect.gen(function* () {
        const { code } = yield* onEmulator(["api", "POST", "/api/v1/viz", "--paginate"])
        assert.strictEqual(code, 2)
      })
    )
  })
})
