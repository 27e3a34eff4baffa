import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Effect } from "effect"
import { type CallOptions, carto, emulator, home } from "../../harness.ts"

const key = "local-master-key"
const profiles = (home: string) => join(home, ".config", "carto", "profiles.json")

/** Calls in one home, with nothing else in the environment. */
const atHome = Effect.map(home, (home) => ({
  home,
  run: (args: ReadonlyArray<string>, options: CallOptions = {}) =>
    carto(args, { ...options, env: { HOME: home, XDG_CONFIG_HOME: join(home, ".config"), ...options.env } })
}))

const rowsOf = (stdout: string): ReadonlyArray<{ readonly [column: string]: unknown }> => JSON.parse(stdout)

it.layer(emulator.layer, emulator.options)("carto auth", (it) => {
  it.effect("login checks the key, saves it for the user only, and never prints it", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator
      const { home, run } = yield* atHome
      const { code, stderr, stdout } = yield* run(["auth", "login", "--url", url, "--api-key-stdin"], {
        stdin: `${key}\n`
      })
      assert.deepStrictEqual([code, stdout], [0, ""])
      assert.strictEqual(
        stderr,
        [
          `This is user alice at ${url}.`,
          "saved profile alice, now the current one (the key works)",
          `This machine has no keychain: the key is in ${profiles(home)}, which only you may read.`,
          ""
        ].join("\n")
      )
      assert.strictEqual(statSync(profiles(home)).mode & 0o777, 0o600)
      assert.strictEqual(statSync(join(home, ".config", "carto")).mode & 0o777, 0o700)
      assert.strictEqual((yield* run(["sql", "query", "select 1 as a"])).stdout, '[\n{"a":1}\n]\n')
    })
  )

  it.effect("login saves nothing when the key is refused", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator
      const { home, run } = yield* atHome
      const { code, stderr } = yield* run(["auth", "login", "--url", url], { env: { CARTO_API_KEY: "wrong-key" } })
      assert.strictEqual(code, 4)
      assert.include(stderr, "The key is that of CARTO_API_KEY.")
      assert.notInclude(stderr, "wrong-key")
      assert.isUndefined(statSync(profiles(home), { throwIfNoEntry: false }))
    })
  )

  it.effect("login says what is missing or wrong", () =>
    Effect.gen(function* () {
      const { run } = yield* atHome
      const noUrl = yield* run(["auth", "login"])
      assert.deepStrictEqual([noUrl.code, noUrl.stdout], [2, ""])
      assert.include(noUrl.stderr, "--url")
      const noKey = yield* run(["auth", "login", "--url", "https://ada.carto.com"])
      assert.strictEqual(noKey.code, 2)
      assert.include(noKey.stderr, "The key is missing.")
      const noAccount = yield* run(["auth", "login", "--url", "https://carto.com"], { stdin: key })
      assert.strictEqual(noAccount.code, 2)
      assert.include(noAccount.stderr, "hint: Expected https://USER.carto.com")
      assert.strictEqual((yield* run(["auth", "login", "--name", "a b"])).code, 2)
    })
  )

  it.effect("list, switch and logout work on named profiles", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator
      const { home, run } = yield* atHome
      for (const name of ["work", "home"]) yield* run(["auth", "login", "--url", url, "--name", name], { stdin: key })
      const list = Effect.map(run(["auth", "list"]), ({ stdout }) =>
        rowsOf(stdout).map((row) => [row.name, row.current, row.address, row.key])
      )
      assert.deepStrictEqual(yield* list, [
        ["work", false, url, "saved"],
        ["home", true, url, "saved"]
      ])
      const switched = yield* run(["auth", "switch", "work"])
      assert.strictEqual(switched.stderr, `profile work is now the current one (${url})\n`)
      assert.strictEqual((yield* run(["auth", "logout"])).stderr, "removed profile work; none is the current one now\n")
      assert.deepStrictEqual(
        (yield* list).map(([name, current]) => [name, current]),
        [["home", false]]
      )
      assert.notInclude(readFileSync(profiles(home), "utf8"), "work")
      assert.strictEqual((yield* run(["sql", "query", "select 1"])).code, 4)
    })
  )

  it.effect("a name that would be hard to type is refused, whichever flag gives it", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator
      const { home, run } = yield* atHome
      for (const flag of ["--name", "--profile"]) {
        const { code, stderr, stdout } = yield* run(["auth", "login", "--url", url, flag, "my wörk"], { stdin: key })
        assert.deepStrictEqual([code, stdout], [2, ""])
        assert.match(stderr, /^error: A profile cannot be called "my wörk"\.\nhint: Give a short name/)
      }
      assert.isFalse(existsSync(profiles(home)))
    })
  )

  it.effect("an unknown profile is told with the known ones", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator
      const { run } = yield* atHome
      yield* run(["auth", "login", "--url", url, "--name", "work"], { stdin: key })
      for (const args of [
        ["--profile", "wrok", "sql", "query", "select 1"],
        ["auth", "switch", "wrok"],
        ["auth", "logout", "constructor"]
      ]) {
        const { code, stderr, stdout } = yield* run(args)
        assert.deepStrictEqual([code, stdout], [2, ""])
        assert.match(stderr, /^error: There is no profile "\w+"\.\nhint: Known profiles: work\.\n$/)
      }
    })
  )

  it.effect("status shows the account, where it was said, and whether the key works", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator
      const { run } = yield* atHome
      const nobody = yield* run(["auth", "status"])
      assert.deepStrictEqual([nobody.code, nobody.stdout], [4, ""])
      assert.include(nobody.stderr, "hint: Run carto auth login")
      yield* run(["auth", "login", "--url", url, "--name", "work"], { stdin: key })
      const status = (options?: CallOptions, ...args: ReadonlyArray<string>) =>
        Effect.map(
          run([...args, "auth", "status", "--format", "json"], options),
          ({ code, stdout }): { readonly [column: string]: unknown } => ({ ...rowsOf(stdout)[0], code })
        )
      const account = { user: "alice", organization: null, address: url }
      assert.deepStrictEqual(yield* status(), { code: 0, source: "profile work", ...account, key: "works" })
      const wrong = { env: { CARTO_API_KEY: "wrong" } }
      assert.deepStrictEqual(yield* status(wrong), {
        code: 4,
        source: "profile work, with CARTO_API_KEY",
        ...account,
        key: "refused"
      })
      // A saved key is not sent to an address of the environment.
      assert.deepStrictEqual(yield* status({ env: { CARTO_API_URL: url } }), {
        code: 0,
        source: "CARTO_API_URL",
        ...account,
        key: "none, public data only"
      })
      assert.strictEqual((yield* status(wrong, "--profile", "work")).source, "profile work")
    })
  )

  it.effect("a broken file is named, and what stands in it is not", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator
      const { home, run } = yield* atHome
      yield* run(["auth", "login", "--url", url], { stdin: key })
      writeFileSync(profiles(home), `{"profiles":{"a":{"url":1,"apiKey":"${key}"}}}`)
      const { code, stderr } = yield* run(["auth", "list"])
      assert.strictEqual(code, 1)
      assert.include(stderr, profiles(home))
      assert.notInclude(stderr, key)
    })
  )
})
