import { assert, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Effect, Redacted } from "effect"
import { carto, emulator, home, onEmulator } from "../../harness.ts"

const token = /^[\w-]{20,}\n$/

it.layer(emulator.layer, emulator.options)("carto api-key", (it) => {
  it.effect("create prints the token alone on standard output, and what the key may do on standard error", () =>
    Effect.gen(function* () {
      yield* onEmulator(["sql", "query", "create table towns (name text)"])
      const made = yield* onEmulator(["api-key", "create", "web", "--sql", "--maps", "--table", "towns"])
      assert.strictEqual(made.code, 0, made.stderr)
      assert.match(made.stdout, token)
      assert.strictEqual(made.stderr, "created API key web (sql, maps; public.towns: select)\n")

      const env = { CARTO_API_KEY: made.stdout.trim() }
      assert.strictEqual((yield* onEmulator(["sql", "query", "select * from towns"], { env })).code, 0)
      const write = yield* onEmulator(["sql", "query", "insert into towns values ('Oslo')"], { env })
      assert.notStrictEqual(write.code, 0)
      assert.include(write.stderr, "permission denied")
    })
  )

  it.effect("create understands permissions, schemas, services and the like", () =>
    Effect.gen(function* () {
      yield* onEmulator(["sql", "query", "create table visits (place text)"])
      const { code, stderr, stdout } = yield* onEmulator([
        ...["api-key", "create", "loader", "--sql", "--table", "visits:select,insert", "--create-tables"],
        ...["--dataservices", "geocoding,isolines", "--table-metadata", "--json", "name,apis,tables,dataservices,token"]
      ])
      assert.strictEqual(code, 0, stderr)
      const key = JSON.parse(stdout)
      assert.deepStrictEqual([key.name, key.apis], ["loader", ["sql"]])
      assert.deepStrictEqual([...key.dataservices].sort(), ["geocoding", "isolines"])
      assert.deepStrictEqual([...key.tables[0].permissions].sort(), ["insert", "select"])
      assert.notInclude(stderr, key.token)
    })
  )

  it.effect("create refuses what it does not understand, before anything is sent", () =>
    Effect.gen(function* () {
      const nothing = yield* onEmulator(["api-key", "create", "idle"])
      assert.deepStrictEqual([nothing.code, nothing.stdout], [2, ""])
      assert.include(nothing.stderr, "The key would be allowed nothing.")
      const permission = yield* onEmulator(["api-key", "create", "wild", "--sql", "--table", "towns:drop"])
      assert.strictEqual(permission.code, 2)
      assert.include(permission.stderr, "TABLE:PERMISSIONS")
      const service = yield* onEmulator(["api-key", "create", "wild", "--dataservices", "weather"])
      assert.strictEqual(service.code, 2)
      const member = yield* onEmulator(["api-key", "create", "wild", "--sql", "--json", "nmae"])
      assert.strictEqual(member.code, 2)
      const names = yield* onEmulator(["api-key", "list", "--jq", ".[].name"])
      assert.notInclude(names.stdout, "wild")
    })
  )

  it.effect("create says that tables are not reached without an API", () =>
    Effect.gen(function* () {
      yield* onEmulator(["sql", "query", "create table lonely (a int)"])
      const { code, stderr } = yield* onEmulator(["api-key", "create", "odd", "--table", "lonely"])
      assert.strictEqual(code, 0, stderr)
      assert.include(stderr, "warning: tables are reached through --sql or --maps")
    })
  )

  it.effect("list and get show no token unless it is asked for", () =>
    Effect.gen(function* () {
      const { masterKey } = yield* Emulator
      const made = yield* onEmulator(["api-key", "create", "shown", "--sql"])
      const list = yield* onEmulator(["api-key", "list", "--json", "*"])
      assert.strictEqual(list.code, 0)
      assert.includeMembers(
        JSON.parse(list.stdout).map(({ name }: { readonly name: string }) => name),
        ["Master", "Default public", "shown"]
      )
      const get = yield* onEmulator(["api-key", "get", "shown"])
      assert.strictEqual(JSON.parse(get.stdout).may, "sql")
      for (const { stderr, stdout } of [list, get]) {
        for (const secret of [Redacted.value(masterKey), made.stdout.trim()]) {
          assert.notInclude(stdout, secret)
          assert.notInclude(stderr, secret)
        }
      }
      const shown = yield* onEmulator(["api-key", "get", "shown", "--show-token"])
      assert.deepStrictEqual([shown.stdout, shown.stderr], [made.stdout, ""])
      const table = yield* onEmulator(["api-key", "list", "--type", "regular"], { terminal: 80 })
      assert.match(table.stdout, /name +type +may +updated_at/)
    })
  )

  it.effect("regenerate asks for --yes where nobody can be asked, then prints the new token", () =>
    Effect.gen(function* () {
      const made = yield* onEmulator(["api-key", "create", "renewed", "--sql"])
      const refused = yield* onEmulator(["api-key", "regenerate", "renewed"])
      assert.deepStrictEqual([refused.code, refused.stdout], [2, ""])
      assert.include(refused.stderr, "--yes")
      const renewed = yield* onEmulator(["api-key", "regenerate", "renewed", "--yes"])
      assert.match(renewed.stdout, token)
      assert.notStrictEqual(renewed.stdout, made.stdout)
      assert.strictEqual(renewed.stderr, "API key renewed has another token\n")
      const old = yield* onEmulator(["api-key", "check", "--api-key-stdin"], { stdin: made.stdout })
      assert.strictEqual(old.code, 4)
    })
  )

  it.effect("a profile goes on with its own new master key", () =>
    Effect.gen(function* () {
      const { masterKey, url } = yield* Emulator
      const env = { HOME: yield* home }
      const run = (args: ReadonlyArray<string>, key = "", more: Readonly<Record<string, string>> = {}) =>
        carto(args, { env: { ...env, ...more }, stdin: key })
      const key = Redacted.value(masterKey)
      for (const name of ["other", "work"]) {
        yield* run(["auth", "login", "--url", url, "--name", name, "--api-key-stdin"], key)
      }
      const renewed = yield* run(["api-key", "regenerate", "Master", "--yes"])
      assert.strictEqual(
        renewed.stderr,
        "API key Master has another token\nProfile work has it; where else the old one is saved it no longer works.\n"
      )
      assert.strictEqual((yield* run(["sql", "query", "select 1", "--quiet"])).code, 0)
      assert.strictEqual((yield* run(["sql", "query", "select 1", "--quiet", "--profile", "other"])).code, 4)
      const elsewhere = { CARTO_API_URL: url, CARTO_API_KEY: renewed.stdout.trim() }
      const again = yield* run(["api-key", "regenerate", "Master", "--yes"], "", elsewhere)
      assert.match(again.stderr, /give the new one to carto auth login/)
    })
  )

  it.effect("check tells whether a key is good, and for what", () =>
    Effect.gen(function* () {
      const own = yield* onEmulator(["api-key", "check"])
      assert.deepStrictEqual([own.code, own.stderr], [0, ""])
      assert.strictEqual(own.stdout, "The key is good: master key Master\nof      alice\nmay     everything\n")

      const made = yield* onEmulator(["api-key", "create", "checked", "--sql"])
      const other = yield* onEmulator(["api-key", "check", "--api-key-stdin", "--json", "good,type,may,everything"], {
        stdin: made.stdout
      })
      assert.deepStrictEqual(JSON.parse(other.stdout), { good: true, type: "regular", may: "sql", everything: false })

      const bad = yield* onEmulator(["api-key", "check", "--api-key-stdin", "--jq", ".good"], {
        stdin: "no-such-key\n"
      })
      assert.deepStrictEqual([bad.code, bad.stdout], [4, "false\n"])
      assert.include(bad.stderr, "The key is refused.\n")
      assert.notInclude(bad.stderr, "no-such-key")
      const empty = yield* onEmulator(["api-key", "check", "--api-key-stdin"])
      assert.strictEqual(empty.code, 2)
    })
  )

  it.effect("delete takes a key away, and says so", () =>
    Effect.gen(function* () {
      yield* onEmulator(["api-key", "create", "gone", "--sql"])
      const dry = yield* onEmulator(["api-key", "delete", "gone", "--dry-run"])
      assert.match(dry.stderr, /^would DELETE .*\/api\/v3\/api_keys\/gone\nNothing was changed\.\n$/)
      const gone = yield* onEmulator(["api-key", "delete", "gone", "--yes"])
      assert.deepStrictEqual([gone.code, gone.stderr], [0, "deleted API key gone\n"])
      const again = yield* onEmulator(["api-key", "delete", "gone", "--yes"])
      assert.strictEqual(again.code, 1)
      const master = yield* onEmulator(["api-key", "delete", "Master", "--yes"])
      assert.notStrictEqual(master.code, 0)
    })
  )

  it.effect("--verbose shows requests without tokens", () =>
    Effect.gen(function* () {
      const { stderr, stdout } = yield* onEmulator(["api-key", "create", "watched", "--sql", "--verbose"])
      assert.include(stderr, "> POST ")
      assert.notInclude(stderr, stdout.trim())
    })
  )
})
