import { assert, it } from "@effect/vitest"
import { Emulator, PgliteDatabase } from "@effect-carto/emulator"
import { Effect, Layer, Redacted } from "effect"
import { emulator, onEmulator } from "../../harness.ts"

const inOrganization = Emulator.layer({ organization: { name: "acme" } }).pipe(Layer.provide(PgliteDatabase.layer()))

const password = "correct horse battery"

it.layer(inOrganization, emulator.options)("carto user", (it) => {
  it.effect("me tells whose the key is, also of a key that may do little", () =>
    Effect.gen(function* () {
      const me = yield* onEmulator(["user", "me", "--json", "username,organization"])
      assert.deepStrictEqual(JSON.parse(me.stdout), { username: "alice", organization: "acme" })
      const key = yield* onEmulator(["api-key", "create", "small", "--sql"])
      const env = { CARTO_API_KEY: key.stdout.trim() }
      assert.strictEqual((yield* onEmulator(["user", "me", "--jq", ".username"], { env })).stdout, "alice\n")
      const account = yield* onEmulator(["user", "account"], { env })
      assert.deepStrictEqual([account.code, account.stdout], [4, ""])
    })
  )

  it.effect("account tells plan and limits, and no key", () =>
    Effect.gen(function* () {
      const { masterKey } = yield* Emulator
      const all = yield* onEmulator(["user", "account", "--json", "*"])
      assert.strictEqual(all.code, 0, all.stderr)
      const record = JSON.parse(all.stdout)
      assert.deepStrictEqual([record.username, record.organization], ["alice", "acme"])
      assert.isObject(record.limits)
      assert.notInclude(all.stdout, Redacted.value(masterKey))
    })
  )

  it.effect("quota tells storage and services", () =>
    Effect.gen(function* () {
      const { stdout } = yield* onEmulator(["user", "quota", "--jq", ".[].service"])
      assert.deepStrictEqual(stdout.trim().split("\n"), [
        "storage",
        "isolines",
        "hires_geocoder",
        "routing",
        "observatory"
      ])
    })
  )

  it.effect("a member is made, looked at, changed and deleted, and no password is shown", () =>
    Effect.gen(function* () {
      const { masterKey } = yield* Emulator
      const create = ["user", "create", "bob", "--email", "bob@example.org", "--quota", "1MB", "--password-stdin"]
      const dry = yield* onEmulator([...create, "--dry-run"], { stdin: `${password}\n` })
      assert.strictEqual(dry.code, 0, dry.stderr)
      assert.include(dry.stderr, '"password":"<redacted>"')
      const made = yield* onEmulator([...create, "--verbose"], { stdin: `${password}\n` })
      assert.strictEqual(made.code, 0, made.stderr)
      assert.include(made.stderr, "created user bob\n")
      const got = yield* onEmulator(["user", "get", "bob", "--json", "*"])
      assert.strictEqual(JSON.parse(got.stdout).email, "bob@example.org")
      assert.strictEqual(JSON.parse(got.stdout).quota_in_bytes, 1_000_000)
      assert.strictEqual((yield* onEmulator(["user", "update", "bob", "--quota", "1 furlong"])).code, 2)
      assert.notProperty(JSON.parse(got.stdout), "api_key")

      const nothing = yield* onEmulator(["user", "update", "bob"])
      assert.deepStrictEqual([nothing.code, nothing.stdout], [2, ""])
      const update = ["user", "update", "bob", "--email", "robert@example.org", "--soft-geocoding-limit"]
      const changed = yield* onEmulator([...update, "--json", "email,soft_geocoding_limit"])
      assert.deepStrictEqual(JSON.parse(changed.stdout), { email: "robert@example.org", soft_geocoding_limit: true })
      assert.strictEqual(changed.stderr, "updated user bob\n")
      const hard = yield* onEmulator(["user", "update", "bob", "--no-soft-geocoding-limit", "--json", "*"])
      assert.strictEqual(JSON.parse(hard.stdout).soft_geocoding_limit, false)
      const secret = yield* onEmulator(["user", "update", "bob", "--password-stdin"], { stdin: `${password} 2\n` })
      assert.strictEqual(secret.code, 0, secret.stderr)

      const list = yield* onEmulator(["user", "list", "--jq", ".[].username"])
      assert.deepStrictEqual(list.stdout.trim().split("\n"), ["alice", "bob"])
      const managed = yield* onEmulator(["user", "list", "--organization", "acme", "--search", "b"])
      assert.strictEqual(managed.code, 2)
      const all = yield* onEmulator(["user", "list", "--organization", "acme", "--json", "*"])
      assert.include(all.stdout, "robert@example.org")

      const asked = yield* onEmulator(["user", "delete", "bob"])
      assert.strictEqual(asked.code, 2)
      assert.include(asked.stderr, "This deletes bob with all datasets and maps, for good.")
      const gone = yield* onEmulator(["user", "delete", "bob", "--yes"])
      assert.deepStrictEqual([gone.code, gone.stderr], [0, "deleted user bob\n"])
      assert.strictEqual((yield* onEmulator(["user", "get", "bob"])).code, 1)
      for (const { stderr, stdout } of [dry, made, got, changed, secret, list, all]) {
        assert.notInclude(stderr + stdout, password)
        assert.notInclude(stderr + stdout, Redacted.value(masterKey))
      }
    })
  )

  it.effect("a password that the server refuses is not repeated", () =>
    Effect.gen(function* () {
      const args = ["user", "create", "eve", "--email", "eve@example.org", "--password-stdin"]
      const short = yield* onEmulator(args, { stdin: "xq7\n" })
      assert.strictEqual(short.code, 1)
      assert.notInclude(short.stderr, "xq7")
      const none = yield* onEmulator(args)
      assert.strictEqual(none.code, 2)
      const prompt = yield* onEmulator(["user", "create", "eve", "--email", "eve@example.org"])
      assert.strictEqual(prompt.code, 2)
      assert.include(prompt.stderr, "--password-stdin")
      const email = yield* onEmulator(["user", "create", "eve"])
      assert.strictEqual(email.code, 2)
    })
  )

  it.effect("keys of a member are made, told, renewed and taken by the owner", () =>
    Effect.gen(function* () {
      const { origin } = yield* Emulator
      const create = ["user", "create", "dan", "--email", "dan@example.org", "--password-stdin"]
      assert.strictEqual((yield* onEmulator(create, { stdin: `${password}\n` })).code, 0)
      const of = (...args: ReadonlyArray<string>) => onEmulator(["api-key", ...args, "--user", "dan"])
      const master = (yield* of("get", "Master", "--show-token")).stdout.trim()
      const at = { CARTO_API_URL: `${origin}/u/dan` }
      const asDan = (token: string, q: string) =>
        onEmulator(["sql", "query", q], { env: { ...at, CARTO_API_KEY: token } })
      assert.strictEqual((yield* asDan(master, "create table sites as select 1 as a")).code, 0)

      const made = yield* of("create", "app", "--sql", "--table", "sites")
      assert.strictEqual(made.stderr, "created API key app (sql; dan.sites: select)\n")
      assert.strictEqual((yield* asDan(made.stdout.trim(), "select a from sites")).stdout, '[\n{"a":1}\n]\n')
      assert.strictEqual((yield* of("list", "--jq", ".[].name")).stdout, "Master\nDefault public\napp\n")
      const renewed = yield* of("regenerate", "app", "--yes")
      assert.strictEqual(renewed.code, 0, renewed.stderr)
      assert.strictEqual((yield* asDan(made.stdout.trim(), "select a from sites")).code, 4)
      assert.strictEqual((yield* asDan(renewed.stdout.trim(), "select a from sites")).code, 0)
      assert.strictEqual((yield* of("delete", "app", "--yes")).code, 0)
      assert.strictEqual((yield* asDan(renewed.stdout.trim(), "select a from sites")).code, 4)
      const unknown = yield* onEmulator(["api-key", "list", "--user", "nobody"])
      assert.include(unknown.stderr, "User 'nobody' not found in the organization 'acme'")
      assert.strictEqual((yield* onEmulator(["user", "delete", "dan", "--yes"])).code, 0)
    })
  )
})
