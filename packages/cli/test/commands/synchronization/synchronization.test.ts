import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Clock, Effect, Redacted } from "effect"
import { emulator, onEmulator } from "../../harness.ts"
import { start } from "../../program.ts"
import { folderWith } from "../files.ts"

const run = (...args: ReadonlyArray<string>) => onEmulator(["synchronization", ...args])
const plain = (text: string) => text.replace(/\([\d.]+ m?s\)/g, "(T)")
const uuid = /^[0-9a-f-]{36}$/

/** A source that the account itself answers: one row. */
const source = (name: string, format = "csv") =>
  Effect.map(Emulator, ({ url }) => {
    const query = new URLSearchParams({ q: "select 1 as a", format, filename: name })
    return `${url}/api/v2/sql?${query}`
  })

it.layer(emulator.layer, emulator.options)("carto synchronization", (it) => {
  it.effect("create prints the id, tells the states, and ends with the first import", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run("create", yield* source("stations"), "--interval", "1d")
      const id = stdout.trimEnd()
      assert.match(id, uuid)
      assert.strictEqual(code, 0)
      assert.strictEqual(plain(stderr).trimEnd().split("\n").at(-1), `synchronization ${id} success (T)`)
      const got = yield* run("get", "stations", "--json", "id,state,interval,name")
      assert.deepStrictEqual(JSON.parse(got.stdout), { id, state: "success", interval: 86_400, name: "stations" })
    })
  )

  it.effect("list shows people what they need, with whole ids", () =>
    Effect.gen(function* () {
      const { stdout } = yield* onEmulator(["synchronization", "list"], { terminal: 80 })
      assert.match(stdout, /name +state +interval +error_code +id/)
      assert.match(stdout, /stations +success +86400 +[0-9a-f-]{36}/)
    })
  )

  it.effect("run fails when the server does not take it, and says why", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run("run", "stations")
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.match(stderr, /^error: The server does not take the run\.\nhint: .*15 minutes/)
    })
  )

  it.effect("update changes the interval, and refuses what the server would", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* run("update", "stations", "--interval", "12h")
      assert.strictEqual(code, 0)
      assert.match(stderr, /^synchronization \S+ runs every /)
      assert.strictEqual((yield* run("get", "stations", "--jq", ".interval")).stdout, "43200\n")
      const short = yield* run("update", "stations", "--interval", "5m")
      assert.strictEqual(short.code, 2)
      assert.match(short.stderr, /15 minutes/)
      const wrong = yield* run("update", "stations", "--interval", "often")
      assert.strictEqual(wrong.code, 2)
      assert.match(wrong.stderr, /a duration such as/)
    })
  )

  it.effect("check is content with what is healthy", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run("check", "--json", "name,health")
      assert.deepStrictEqual([code, stderr, stdout], [0, "", '[\n{"name":"stations","health":"healthy"}\n]\n'])
    })
  )

  it.effect("a first import that fails says why and what remains, and check tells of it", () =>
    Effect.gen(function* () {
      const { imports } = yield* Emulator
      yield* imports.failNext(1103)
      const url = yield* source("broken")
      const { code, stderr, stdout } = yield* run("create", url)
      const id = stdout.trimEnd()
      assert.strictEqual(code, 1)
      assert.include(stderr, `carto synchronization delete ${id} gives it up.\n`)
      assert.match(
        stderr,
        /error: Partial file error: .*\(code 1103\)\nhint: The download broke off: import it again\.\n$/
      )
      const checked = yield* run("check", "--json", "synchronization,health,code")
      assert.strictEqual(checked.code, 1)
      assert.deepInclude(JSON.parse(checked.stdout), { synchronization: url, health: "failing", code: 1103 })
      assert.include(checked.stderr, `${url}: hint: The download broke off: import it again.\n`)
      assert.isTrue(checked.stderr.endsWith("error: 1 of 2 synchronizations need attention.\n"))
      assert.strictEqual((yield* run("check", "stations")).code, 0)
      const one = yield* run("check", id, "--quiet")
      assert.strictEqual(one.stderr, "error: 1 of 1 synchronization needs attention.\n")

      const deleted = yield* run("delete", id)
      assert.deepStrictEqual([deleted.code, deleted.stderr], [0, `deleted synchronization ${id}\n`])
      assert.strictEqual((yield* run("check")).code, 0)
    })
  )

  it.effect("check tells of a run that did not come, unless there is patience", () =>
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const days = 3 * 86_400_000
      const later: Clock.Clock = {
        currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + days,
        currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + days),
        currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
        currentTimeNanos: clock.currentTimeNanos,
        monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
        monotonicTimeNanos: clock.monotonicTimeNanos,
        sleep: (duration) => clock.sleep(duration)
      }
      const check = (...args: ReadonlyArray<string>) => Effect.provideService(run("check", ...args), Clock.Clock, later)
      const { code, stderr, stdout } = yield* check("stations", "--jq", ".[].health")
      assert.deepStrictEqual([code, stdout], [1, "stale\n"])
      assert.match(stderr, /^stations: its run is overdue by .*\nstations: hint: Run it now, or tell the operator/)
      assert.strictEqual((yield* check("stations", "--patience", "1000h")).code, 0)
    })
  )

  it.effect("--no-wait prints the id only, and --dry-run sends nothing", () =>
    Effect.gen(function* () {
      const url = yield* source("unwaited")
      const dry = yield* run("create", url, "--dry-run")
      assert.deepStrictEqual([dry.code, dry.stdout], [0, ""])
      assert.match(dry.stderr, /^would .*\/api\/v1\/synchronizations/)
      const { code, stderr, stdout } = yield* run("create", url, "--no-wait")
      assert.deepStrictEqual([code, stderr], [0, ""])
      const id = stdout.trimEnd()
      assert.match(id, uuid)
      assert.strictEqual((yield* run("delete", id, "--dry-run")).code, 0)
      assert.strictEqual((yield* run("get", id)).code, 0)
      assert.strictEqual((yield* run("delete", id)).code, 0)
      const gone = yield* run("get", id)
      assert.strictEqual(gone.code, 1)
      assert.match(gone.stderr, /^error: Not found\./)
    })
  )

  it.effect("names that nobody has, several sources and secrets in a file are told without the secrets", () =>
    Effect.gen(function* () {
      const unknown = yield* run("get", "nope")
      assert.deepStrictEqual(
        [unknown.code, unknown.stderr],
        [1, 'error: There is no synchronization of "nope".\nhint: carto synchronization list shows all.\n']
      )
      const none = yield* run("create")
      assert.strictEqual(none.code, 2)
      assert.match(none.stderr, /^error: A synchronization has one source\./)
      const connection = { server: "127.0.0.1", port: 1, database: "d", username: "u", password: "hush-hush" }
      const folder = yield* folderWith({ "c.json": JSON.stringify({ provider: "postgres", connection, table: "t" }) })
      const made = yield* run("create", "--connector", join(folder, "c.json"), "--verbose")
      assert.strictEqual(made.code, 1)
      const listed = yield* run("list", "--json", "*")
      for (const { stderr, stdout } of [made, listed]) assert.notInclude(stdout + stderr, "hush-hush")
      const wrong = yield* onEmulator(["synchronization", "list"], { env: { CARTO_API_KEY: "wrong" } })
      assert.deepStrictEqual([wrong.code, wrong.stdout], [4, ""])
    })
  )

  it.effect("Ctrl-C tells that the run goes on", () =>
    Effect.gen(function* () {
      const { imports, masterKey, url } = yield* Emulator
      const folder = yield* folderWith({})
      yield* imports.setPolls({ importing: Number.POSITIVE_INFINITY })
      const program = start(["synchronization", "create", yield* source("interrupted")], {
        HOME: folder,
        CARTO_API_URL: url,
        CARTO_API_KEY: Redacted.value(masterKey)
      })
      yield* Effect.promise(() => program.says("stderr", "importing"))
      program.child.kill("SIGINT")
      assert.strictEqual(yield* Effect.promise(() => program.exit), 130)
      assert.match(program.stderr(), /goes on; carto synchronization get [0-9a-f-]{36} shows how it is\n$/)
      yield* imports.setPolls({})
    })
  )
})
