import { assert, it } from "@effect/vitest"
import { Emulator, PgliteDatabase } from "@effect-carto/emulator"
import { Effect, Layer } from "effect"
import { emulator, onEmulator } from "../../harness.ts"

const layer = Layer.suspend(() =>
  Emulator.layer({ organization: { name: "harbours" } }).pipe(Layer.provide(PgliteDatabase.layer()))
)
const ids = /[0-9a-f-]{36}/g
const share = (...args: ReadonlyArray<string>) => onEmulator(["dataset", "share", "berths", ...args])

it.layer(layer, emulator.options)("carto dataset share", (it) => {
  it.effect("shares with the organization by its name, tells who has it, and revokes", () =>
    Effect.gen(function* () {
      yield* onEmulator([
        "sql",
        "query",
        "create table berths (name text); select CDB_CartodbfyTable('public', 'berths')"
      ])
      const shared = yield* share("--organization", "harbours")
      assert.deepStrictEqual([shared.code, shared.stderr.replace(ids, "ID")], [0, "harbours may read berths (ID)\n"])
      const told = yield* share("--jq", ".[] | [.type, .name, .access]")
      assert.deepStrictEqual(JSON.parse(told.stdout), ["org", "harbours", "read"])
      const revoked = yield* share("--organization", "harbours", "--revoke")
      assert.strictEqual(revoked.stderr.replace(ids, "ID"), "harbours has berths no more (ID)\n")
      assert.strictEqual((yield* share()).stdout, "[]\n")
    })
  )

  it.effect("shares with a member by name, for writing, too", () =>
    Effect.gen(function* () {
      const user = ["user", "create", "bob", "--email", "bob@example.org", "--password-stdin"]
      assert.strictEqual((yield* onEmulator(user, { stdin: "correct horse battery" })).code, 0)
      const shared = yield* share("--user", "bob", "--access", "write", "--json", "type,name,access")
      assert.strictEqual(shared.stderr.replace(ids, "ID"), "bob may write berths (ID)\n")
      assert.deepStrictEqual(JSON.parse(shared.stdout), { type: "user", name: "bob", access: "write" })
      assert.strictEqual((yield* share("--jq", ".[].access")).stdout, "write\n")
      assert.strictEqual((yield* share("--user", "bob", "--revoke")).code, 0)
    })
  )

  it.effect("shares with a group by name, whose members then read and write until they leave", () =>
    Effect.gen(function* () {
      const { origin } = yield* Emulator
      const user = ["user", "create", "carol", "--email", "carol@example.org", "--password-stdin"]
      assert.strictEqual((yield* onEmulator(user, { stdin: "correct horse battery" })).code, 0)
      const key = yield* onEmulator(["api-key", "get", "Master", "--user", "carol", "--show-token"])
      const env = { CARTO_API_URL: `${origin}/u/carol`, CARTO_API_KEY: key.stdout.trim() }
      const asCarol = (q: string) => onEmulator(["sql", "query", q], { env })
      const org = (yield* onEmulator(["api", "GET", "/api/v1/org", "--jq", ".id"])).stdout.trim()
      const groups = `/api/v1/organization/${org}/groups`
      const create = ["api", "POST", groups, "--field", "display_name=crane drivers", "--jq", ".id"]
      const group = (yield* onEmulator(create)).stdout.trim()
      const list = yield* onEmulator(["api", "GET", `/api/v1/organization/${org}/users`, "--field", "q=carol"])
      const carol = JSON.parse(list.stdout).users[0].id

      const shared = yield* share("--group", "crane_drivers", "--access", "write")
      assert.strictEqual(shared.stderr.replace(ids, "ID"), "crane_drivers may write berths (ID)\n")
      assert.include((yield* asCarol("select name from public.berths")).stderr, "permission denied")
      assert.strictEqual((yield* onEmulator(["api", "POST", `${groups}/${group}/users/${carol}`])).code, 0)
      assert.strictEqual((yield* asCarol("insert into public.berths (name) values ('north')")).code, 0)
      const told = yield* onEmulator(["dataset", "list", "--shared", "only", "--jq", ".[].name"], { env })
      assert.strictEqual(told.stdout, "berths\n", told.stderr)
      assert.strictEqual((yield* onEmulator(["api", "DELETE", `${groups}/${group}/users/${carol}`])).code, 0)
      assert.include((yield* asCarol("select name from public.berths")).stderr, "permission denied")
      assert.strictEqual((yield* share("--group", "crane_drivers", "--revoke")).code, 0)
    })
  )

  it.effect("knows names to the letter, and one grantee at a time", () =>
    Effect.gen(function* () {
      const unknown = yield* share("--user", "nobody")
      assert.strictEqual(unknown.code, 2)
      assert.include(unknown.stderr, "The organization harbours has no user nobody.")
      assert.strictEqual((yield* share("--organization", "others")).code, 2)
      assert.strictEqual((yield* share("--user", "a", "--group", "b")).code, 2)
      assert.strictEqual((yield* share("--access", "write")).code, 2)
      assert.strictEqual((yield* share("--user", "a", "--access", "read", "--revoke")).code, 2)
    })
  )
})
