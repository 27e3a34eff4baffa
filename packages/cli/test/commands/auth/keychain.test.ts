import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Effect, Redacted } from "effect"
import { beforeEach, vi } from "vitest"
import { type CallOptions, carto, emulator, home } from "../../harness.ts"

const { kept, locked } = vi.hoisted(() => ({ kept: new Map<string, string>(), locked: { now: false } }))

/** A keychain in memory, with the interface of the real one. */
vi.mock("@napi-rs/keyring", () => ({
  AsyncEntry: class {
    readonly #name: string
    constructor(service: string, name: string) {
      this.#name = `${service}/${name}`
    }
    async setPassword(password: string) {
      if (locked.now) throw new Error("locked")
      kept.set(this.#name, password)
    }
    async getPassword() {
      if (locked.now) throw new Error("locked")
      return kept.get(this.#name) ?? null
    }
    async deletePassword() {
      return kept.delete(this.#name)
    }
  }
}))

beforeEach(() => {
  kept.clear()
  locked.now = false
})

const loggedIn = Effect.gen(function* () {
  const { masterKey, url } = yield* Emulator
  const folder = yield* home
  const run = (args: ReadonlyArray<string>, options: CallOptions = {}) =>
    carto(args, {
      ...options,
      env: { HOME: folder, XDG_CONFIG_HOME: join(folder, ".config"), CARTO_KEYCHAIN: "on", ...options.env }
    })
  const key = Redacted.value(masterKey)
  const login = yield* run(["auth", "login", "--url", url, "--api-key-stdin"], { stdin: key })
  const file = () => readFileSync(join(folder, ".config", "carto", "profiles.json"), "utf8")
  return { file, key, login, run }
})

describe("the keychain", () => {
  it.layer(
    emulator.layer,
    emulator.options
  )((it) => {
    it.effect("keeps the key, and the file of profiles does not", () =>
      Effect.gen(function* () {
        const { file, key, login, run } = yield* loggedIn
        assert.strictEqual(login.code, 0)
        assert.notInclude(login.stderr, "no keychain")
        assert.strictEqual(kept.get("carto/alice"), key)
        assert.notInclude(file(), key)
        assert.strictEqual((yield* run(["sql", "query", "select 1 as a", "--format", "csv"])).stdout, "a\n1\n")
        assert.include((yield* run(["auth", "list", "--format", "csv"])).stdout, "in the keychain")
      })
    )

    it.effect("forgets the key with the profile", () =>
      Effect.gen(function* () {
        const { run } = yield* loggedIn
        assert.strictEqual((yield* run(["auth", "logout", "--dry-run"])).code, 0)
        assert.strictEqual(kept.size, 1)
        assert.strictEqual((yield* run(["auth", "logout"])).code, 0)
        assert.strictEqual(kept.size, 0)
      })
    )

    it.effect("that does not open later is told, and nothing is sent without the key", () =>
      Effect.gen(function* () {
        const { run } = yield* loggedIn
        locked.now = true
        const { code, stderr } = yield* run(["sql", "query", "select 1"])
        assert.strictEqual(code, 4)
        assert.include(stderr, "The keychain does not give the key of profile alice.")
      })
    )

    it.effect("that does not open leaves the key to the file", () =>
      Effect.gen(function* () {
        locked.now = true
        const { file, key, login } = yield* loggedIn
        assert.include(login.stderr, "This machine has no keychain")
        assert.include(file(), key)
      })
    )
  })
})
