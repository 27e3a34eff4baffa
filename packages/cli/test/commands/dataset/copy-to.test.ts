import { assert, it } from "@effect/vitest"
import { Emulator, Fault, PgliteDatabase } from "@effect-carto/emulator"
import { Effect, Layer } from "effect"
import { emulator, home, onEmulator } from "../../harness.ts"

const layer = Layer.suspend(() =>
  Emulator.layer({ organization: { name: "harbours" } }).pipe(Layer.provide(PgliteDatabase.layer()))
)
const ids = /[0-9a-f-]{36}/g
const query = (q: string) => onEmulator(["sql", "query", q, "--quiet"])

/** A member of the organization, as the profile of a home directory and as an account. */
const member = Effect.fnUntraced(function* (name: string) {
  const { origin } = yield* Emulator
  const user = ["user", "create", name, "--email", `${name}@example.org`, "--password-stdin"]
  yield* onEmulator(user, { stdin: "correct horse battery" })
  const key = (yield* onEmulator(["api-key", "get", "Master", "--user", name, "--show-token"])).stdout.trim()
  const env = { HOME: yield* home }
  const url = `${origin}/u/${name}`
  const login = ["auth", "login", "--url", url, "--name", name, "--api-key-stdin"]
  const logged = yield* onEmulator(login, { env, stdin: key })
  assert.strictEqual(logged.code, 0, logged.stderr)
  return {
    copy: (...args: ReadonlyArray<string>) => onEmulator(["dataset", "copy", ...args, "--to", name], { env }),
    run: (...args: ReadonlyArray<string>) =>
      onEmulator(args, { env: { ...env, CARTO_API_URL: url, CARTO_API_KEY: key } })
  }
})

const make = (name: string) =>
  query(`
  drop table if exists "${name}";
  create table "${name}" (
    code text not null unique, note text default 'none', depth numeric(10, 2) check (depth > 0),
    twice numeric generated always as (depth * 2) stored
  );
  insert into "${name}" (code, note, depth) values ('KEL', E'a\\tb\\nc', 10.50), ('OSL', null, 14), ('RTM', '\\N', 24);
  create index on "${name}" using btree (lower(note)) where note is not null;
  comment on column "${name}".depth is 'Metres; it''s low tide';
  select CDB_CartodbfyTable('public', '"${name}"');
  update "${name}" set the_geom = CDB_LatLng(54, cartodb_id)`)

it.layer(layer, emulator.options)("carto dataset copy --to", (it) => {
  it.effect("brings rows, structure and texts into another account, and new rows get new numbers", () =>
    Effect.gen(function* () {
      yield* make("my.berths")
      yield* onEmulator(["dataset", "update", '"my.berths"', "--description", "Depths", "--tags", "sea"])
      const bob = yield* member("bob")
      const { code, stderr, stdout } = yield* bob.copy('"my.berths"')
      assert.deepStrictEqual(
        [code, stdout, stderr.replace(ids, "ID").replace(/[\d.]+ k?B/, "SIZE")],
        [0, "", 'copied "my.berths" to dataset my.berths of bob (ID, SIZE)\n']
      )
      const rows = `select cartodb_id, the_geom, the_geom_webmercator, code, note, depth, twice from "my.berths" order by 1`
      const [there, here] = [yield* bob.run("sql", "query", rows), yield* query(rows)]
      assert.strictEqual(there.stdout, here.stdout)
      assert.isNotEmpty(there.stdout)
      const about = yield* bob.run(
        "dataset",
        "get",
        '"my.berths"',
        "--jq",
        "[.description, .tags[0], .privacy, .owner]"
      )
      assert.deepStrictEqual(JSON.parse(about.stdout), ["Depths", "sea", "PRIVATE", "bob"])
      const structure = "[.columns[], (.constraints[].definition), (.indexes | length)] | tostring"
      const [made, original] = [
        yield* bob.run("dataset", "describe", '"my.berths"', "--jq", structure),
        yield* onEmulator(["dataset", "describe", '"my.berths"', "--jq", structure])
      ]
      const plain = (text: string) => text.replace(/nextval\([^)]*\)/, "nextval")
      assert.strictEqual(plain(made.stdout), plain(original.stdout))
      const added = yield* bob.run(
        "sql",
        "query",
        `insert into "my.berths" (code) values ('AMS') returning cartodb_id, note`,
        "--format",
        "csv"
      )
      assert.strictEqual(added.stdout, "cartodb_id,note\n4,none\n")
      assert.strictEqual((yield* query(`select to_regclass('bob."my.berths"') is null as a`)).code, 0)
    })
  )

  it.effect("leaves nothing there after a failure of either side, and takes no name that is taken", () =>
    Effect.gen(function* () {
      yield* make("quays")
      const ann = yield* member("ann")
      const { faults } = yield* Emulator
      const tables = Effect.map(ann.run("table", "list", "--jq", "map(.name) | tostring"), ({ stdout }) =>
        stdout.trim()
      )
      const failing = Effect.fnUntraced(function* (fault: Fault, path: string, message: string) {
        yield* faults.inject(fault, { path })
        const { code, stderr } = yield* ann.copy("quays", "--retries", "0")
        yield* faults.clear
        assert.notStrictEqual(code, 0)
        assert.include(stderr, message)
        assert.strictEqual(yield* tables, "[]")
      })
      yield* failing(Fault.Cut({ afterBytes: 10 }), "copyto", "error: ")
      yield* failing(Fault.Respond({ status: 400, body: '{"error":["disk full"]}' }), "copyfrom", "disk full")
      yield* failing(
        Fault.Respond({ status: 403, body: '{"errors":["Privacy cannot be set to private"]}' }),
        "/api/v1/viz/",
        "private"
      )

      assert.strictEqual((yield* ann.copy("quays", "piers")).code, 0)
      const again = yield* ann.copy("quays", "piers")
      assert.strictEqual(again.code, 2)
      assert.include(again.stderr, 'There is a table "piers" already')
      assert.strictEqual(yield* tables, '["piers"]')
    })
  )

  it.effect("takes what another one shares, and not the own table of that name", () =>
    Effect.gen(function* () {
      yield* query("create table cranes (name text); select CDB_CartodbfyTable('public', 'cranes')")
      const fay = yield* member("fay")
      assert.strictEqual((yield* fay.copy("cranes")).code, 0)
      yield* query("insert into cranes (name) values ('North')")
      assert.strictEqual((yield* onEmulator(["dataset", "share", "cranes", "--user", "fay"])).code, 0)
      const { code, stderr } = yield* fay.run("dataset", "copy", "public.cranes", "shared_cranes", "--to", "fay")
      assert.strictEqual(code, 0, stderr)
      const counts =
        "select (select count(*) from fay.cranes) as own, (select count(*) from fay.shared_cranes) as copied"
      assert.strictEqual((yield* fay.run("sql", "query", counts, "--format", "csv")).stdout, "own,copied\n0,1\n")
    })
  )

  it.effect("copies an empty one, and needs a name or an account", () =>
    Effect.gen(function* () {
      yield* query("create table slips (name text); select CDB_CartodbfyTable('public', 'slips')")
      const eve = yield* member("eve")
      assert.deepStrictEqual(JSON.parse((yield* eve.copy("slips", "--json", "name")).stdout), { name: "slips" })
      const nameless = yield* onEmulator(["dataset", "copy", "slips"])
      assert.deepStrictEqual([nameless.code, nameless.stdout], [2, ""])
      const unknown = yield* onEmulator(["dataset", "copy", "slips", "--to", "nobody"])
      assert.deepStrictEqual([unknown.code, unknown.stdout], [2, ""])
      assert.include(unknown.stderr, 'There is no profile "nobody".')
      const missing = yield* eve.copy("no_such_dataset")
      assert.strictEqual(missing.code, 1)
    })
  )
})
