import { createServer, type Server } from "node:http"
import { assert, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Effect, Redacted } from "effect"
import { carto, emulator, home, onEmulator } from "../../harness.ts"

/** The words of each check. */
const verdicts = (stdout: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    JSON.parse(stdout).map(({ check, status }: { readonly check: string; readonly status: string }) => [check, status])
  )

it.layer(emulator.layer, emulator.options)("carto doctor", (it) => {
  it.effect("finds nothing where all is well, a line for each check", () =>
    Effect.gen(function* () {
      const { masterKey, url } = yield* Emulator
      const { code, stderr, stdout } = yield* onEmulator(["doctor"])
      assert.deepStrictEqual([code, stderr], [0, ""], stdout)
      const lines = stdout.trimEnd().split("\n")
      assert.deepStrictEqual(
        lines.map((line) => line.split(/ +/, 2).join(" ")),
        ["client", "account", "sql", "clock", "limits", "platform", "key", "database", "storage"].map(
          (check) => `ok ${check}`
        )
      )
      assert.include(stdout, `user alice at ${url}, from CARTO_API_URL and CARTO_API_KEY`)
      assert.include(stdout, "master key Master; may do: everything")
      assert.match(stdout, /ok +database +PostgreSQL \d+.*, PostGIS \d/)
      assert.notInclude(stdout, Redacted.value(masterKey))
    })
  )

  it.effect("tells of tables that a killed load left behind", () =>
    Effect.gen(function* () {
      yield* onEmulator(["sql", "query", "create table carto_staging_1a_2b (a int)", "--quiet"])
      const { code, stdout } = yield* onEmulator(["doctor"])
      assert.strictEqual(code, 0)
      assert.match(stdout, /^warning +leftovers +0 B in tables of loads .*: carto_staging_1a_2b\n.* drop them with/m)
      yield* onEmulator(["sql", "query", "drop table carto_staging_1a_2b", "--quiet"])
      assert.notInclude((yield* onEmulator(["doctor"])).stdout, "leftovers")
    })
  )

  it.effect("tells what a lesser key may do, and warns without one", () =>
    Effect.gen(function* () {
      const key = yield* onEmulator(["api-key", "create", "little", "--sql"])
      const lesser = yield* onEmulator(["doctor"], { env: { CARTO_API_KEY: key.stdout.trim() } })
      assert.strictEqual(lesser.code, 0, lesser.stdout)
      assert.include(lesser.stdout, "regular key little; may do: sql")
      const { url } = yield* Emulator
      const env = { HOME: yield* home, CARTO_API_URL: url }
      const none = yield* carto(["doctor", "--json", "check,status"], { env })
      assert.strictEqual(none.code, 0)
      assert.strictEqual(verdicts(none.stdout).key, "warning")
    })
  )

  it.effect("fits its lines into a narrow terminal, but not JSON", () =>
    Effect.gen(function* () {
      const env = { HOME: yield* home, CARTO_API_URL: "http://127.0.0.1:1/user/alice", CARTO_API_KEY: "k" }
      const { stdout } = yield* carto(["doctor"], { env, terminal: 40 })
      assert.match(stdout, /^ok {7}account {3}user alice at\n {19}http:\/\/127\.0\.0\.1:1\S*\n {19}from /m)
      for (const line of stdout.split("\n")) {
        assert.isTrue(line.length <= 40 || !line.slice(19).includes(" "), line)
      }
      const json = yield* carto(["doctor", "--json", "check,message"], { env, terminal: 40 })
      assert.match(json.stdout, /user alice at http:\S+ from CARTO_API_URL and CARTO_API_KEY"/)
    })
  )

  it.effect("fails with a wrong key, and says what to do", () =>
    Effect.gen(function* () {
      const env = { CARTO_API_KEY: "wrong-key" }
      const { code, stderr, stdout } = yield* onEmulator(["doctor"], { env })
      assert.strictEqual(code, 1)
      assert.match(stdout, /^problem {2}key +refused: .*\n +Save a good one with carto auth login\.$/m)
      assert.strictEqual(stderr, "error: Something is broken: key.\n")
      assert.notInclude(stdout, "wrong-key")
    })
  )

  it.effect("fails where no server is, and without an account", () =>
    Effect.gen(function* () {
      const env = { HOME: yield* home, CARTO_API_URL: "http://127.0.0.1:1/user/alice", CARTO_API_KEY: "k" }
      const away = yield* carto(["doctor", "--json", "check,status"], { env })
      assert.strictEqual(away.code, 1)
      assert.deepInclude(verdicts(away.stdout), { account: "ok", sql: "problem", platform: "problem" })
      const nobody = yield* carto(["doctor"], { env: { HOME: yield* home } })
      assert.strictEqual(nobody.code, 1)
      assert.include(nobody.stdout, "There is no account to work with.")
      assert.include(nobody.stdout, "Run carto auth login")
    })
  )

  it.effect("tells limits, and that an account is locked", () =>
    Effect.gen(function* () {
      const { setRateLimit, setState } = yield* Emulator
      yield* setRateLimit("query", [{ burst: 9, count: 10, period: "1 minute" }])
      const limited = yield* onEmulator(["doctor"])
      assert.match(limited.stdout, /ok +limits +queries: \d of 10 at once left, all again in \d+ s/)
      yield* setRateLimit("query", [])
      yield* setState("locked")
      const locked = yield* onEmulator(["doctor"])
      yield* setState("active")
      assert.strictEqual(locked.code, 1)
      assert.include(locked.stdout, "problem")
    })
  )

  it.effect("warns of a clock that is wrong, and fails where no CARTO answers", () =>
    Effect.gen(function* () {
      const answering = Effect.acquireRelease(
        Effect.callback<Server>((resume) => {
          const http = createServer((_, response) => {
            const ahead = new Date(Date.now() - 3_600_000).toUTCString()
            response.writeHead(200, { date: ahead, "content-type": "text/html" }).end("<html>hello</html>")
          })
          http.listen(0, "127.0.0.1", () => resume(Effect.succeed(http)))
        }),
        (http) => Effect.sync(() => http.close())
      )
      const address = (yield* answering).address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const env = { HOME: yield* home, CARTO_API_URL: `http://127.0.0.1:${port}/user/alice`, CARTO_API_KEY: "k" }
      const { code, stdout } = yield* carto(["doctor"], { env })
      assert.strictEqual(code, 1)
      assert.match(
        stdout,
        /^warning +clock +(1 h 0 m|60 m 0 s|59 m \d+ s) ahead of the server's\n +Set this machine's clock/m
      )
      assert.match(stdout, /^problem +platform +The answer is not CARTO's/m)
    }).pipe(Effect.scoped)
  )

  it.effect("--timeout ends each question, and is told as what is wrong", () =>
    Effect.gen(function* () {
      const silent = Effect.acquireRelease(
        Effect.callback<Server>((resume) => {
          const http = createServer()
          http.listen(0, "127.0.0.1", () => resume(Effect.succeed(http)))
        }),
        (http) => Effect.sync(() => http.close())
      )
      const address = (yield* silent).address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const env = { HOME: yield* home, CARTO_API_URL: `http://127.0.0.1:${port}/user/alice`, CARTO_API_KEY: "k" }
      const { code, stdout } = yield* carto(["doctor", "--timeout", "300ms"], { env })
      assert.strictEqual(code, 1)
      assert.match(stdout, /^problem +sql +Out of time/m)
      assert.match(stdout, /^problem +platform +Out of time/m)
    }).pipe(Effect.scoped)
  )

  it.effect("--json tells which members there are", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* onEmulator(["doctor", "--json", "?"])
      assert.strictEqual(code, 2)
      assert.include(stderr, "There are check, status, message, advice")
    })
  )
})
