import { assert, describe, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Effect, Redacted } from "effect"
import { emulator, onEmulator } from "./harness.ts"

const cities = "select name, population from (values ('Kyiv', 2952301), ('Oslo', 709037)) as t(name, population)"

describe("flags of every command", () => {
  it.layer(
    emulator.layer,
    emulator.options
  )((it) => {
    it.effect("--json prints the members that it names, in its order", () =>
      Effect.gen(function* () {
        const { code, stdout } = yield* onEmulator(["sql", "query", cities, "--json", "population,name"])
        assert.strictEqual(code, 0)
        assert.strictEqual(stdout, '[\n{"population":2952301,"name":"Kyiv"},\n{"population":709037,"name":"Oslo"}\n]\n')
      })
    )

    it.effect("--json * prints all members, and keeps a format of lines", () =>
      Effect.gen(function* () {
        const { stdout } = yield* onEmulator(["sql", "query", cities, "--json", "*", "--format", "ndjson"])
        assert.strictEqual(stdout, '{"name":"Kyiv","population":2952301}\n{"name":"Oslo","population":709037}\n')
      })
    )

    it.effect("--json tells which members there are when it names another", () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* onEmulator(["auth", "status", "--json", "?"])
        assert.strictEqual(code, 2)
        assert.strictEqual(stdout, "")
        assert.include(stderr, "There are source, user, organization, address, key; * is all of them.")
      })
    )

    it.effect("--jq filters, without quotes around texts", () =>
      Effect.gen(function* () {
        const { code, stdout } = yield* onEmulator([
          "sql",
          "query",
          cities,
          "--jq",
          ".[] | select(.population > 1e6).name"
        ])
        assert.strictEqual(code, 0)
        assert.strictEqual(stdout, "Kyiv\n")
      })
    )

    it.effect("--jq keeps all digits of a number", () =>
      Effect.gen(function* () {
        const { stdout } = yield* onEmulator(["sql", "query", "select 9007199254740993::int8 as n", "--jq", ".[].n"])
        assert.strictEqual(stdout, "9007199254740993\n")
      })
    )

    it.effect("--jq with a wrong filter is wrong usage", () =>
      Effect.gen(function* () {
        const { code, stderr } = yield* onEmulator(["sql", "query", cities, "--jq", ".["])
        assert.strictEqual(code, 2)
        assert.match(stderr, /^error: jq refuses the filter: .*syntax error/)
      })
    )

    it.effect("--verbose shows requests and answers, and no key", () =>
      Effect.gen(function* () {
        const { masterKey } = yield* Emulator
        const { stderr } = yield* onEmulator(["sql", "query", cities, "--verbose", "--format", "csv"])
        assert.match(stderr, /^> POST http:\/\/127\.0\.0\.1:\d+\/user\/alice\/api\/v2\/sql\?client=carto-cli$/m)
        assert.match(stderr, /^< 200 \(/m)
        assert.notInclude(stderr, Redacted.value(masterKey))
      })
    )

    it.effect("--dry-run shows a statement that writes, and does not run it", () =>
      Effect.gen(function* () {
        const { code, stderr } = yield* onEmulator(["sql", "query", "create table dry (a int)", "--dry-run"])
        assert.strictEqual(code, 0)
        assert.match(stderr, /^would POST .*\ncreate table dry \(a int\)\nNothing was changed\.\n$/)
        const { stdout } = yield* onEmulator(["sql", "query", "select to_regclass('dry') as t", "--format", "csv"])
        assert.strictEqual(stdout, "t\n\n")
      })
    )

    it.effect("--dry-run runs a statement that only reads", () =>
      Effect.gen(function* () {
        const { code, stdout } = yield* onEmulator(["sql", "query", cities, "--dry-run", "--jq", "length"])
        assert.strictEqual(code, 0)
        assert.strictEqual(stdout, "2\n")
      })
    )

    it.effect("--dry-run keeps the profiles as they are", () =>
      Effect.gen(function* () {
        const { url } = yield* Emulator
        const login = yield* onEmulator(["auth", "login", "--url", url, "--dry-run"])
        assert.strictEqual(login.code, 0)
        assert.include(login.stderr, "would save profile alice")
      })
    )
  })
})
