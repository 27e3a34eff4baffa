import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { emulator, onEmulator } from "../../harness.ts"
import { folderWith } from "../files.ts"
import { json, prepared, template, token, withToken } from "../map/maps.ts"

const files = folderWith({
  "cities.json": json(template("cities")),
  "other.json": json(template("cities", { auth: { method: "open" }, view: { zoom: 3 } })),
  "private.json": json(template("private", withToken)),
  "config.json": json(template("cities").layergroup),
  "wrong.json": json({ ...template("wrong"), placeholders: {} }),
  token
})

const named = (...args: ReadonlyArray<string>) => onEmulator(["named-map", ...args])
const names = Effect.map(named("list", "--jq", ".[].name"), ({ stdout }) => stdout.trim().split("\n"))

it.layer(emulator.layer, emulator.options)("carto named-map", (it) => {
  it.effect("apply creates what is missing, replaces what differs, and leaves the rest alone", () =>
    Effect.gen(function* () {
      yield* prepared
      const folder = yield* files
      const dry = yield* named("apply", join(folder, "cities.json"), "--dry-run")
      assert.strictEqual(dry.code, 0)
      assert.match(dry.stderr, /^would POST .*\/api\/v1\/map\/named\S*\n\{"version":"0\.0\.1","name":"cities"/)
      assert.notInclude(yield* names, "cities")
      const hidden = yield* named("apply", join(folder, "private.json"), "--dry-run")
      assert.include(hidden.stderr, "would POST")
      assert.notInclude(hidden.stderr, token)

      const first = yield* named("apply", join(folder, "cities.json"), join(folder, "private.json"))
      assert.deepStrictEqual([first.code, first.stdout], [0, ""])
      assert.strictEqual(first.stderr, "created named map cities\ncreated named map private\n")
      const second = yield* named("apply", join(folder, "cities.json"), "--json", "name,change")
      assert.strictEqual(second.stdout, '[\n{"name":"cities","change":"unchanged"}\n]\n')
      const third = yield* named("apply", join(folder, "other.json"))
      assert.strictEqual(third.stderr, "updated named map cities\n")
    })
  )

  it.effect("apply checks all files before it sends the first", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const twice = yield* named("apply", join(folder, "cities.json"), join(folder, "other.json"))
      assert.strictEqual(twice.code, 2)
      assert.include(twice.stderr, "Two files hold the template cities.")
      const config = yield* named("apply", join(folder, "config.json"))
      assert.strictEqual(config.code, 2)
      assert.include(config.stderr, "config.json is no template.")
      const wrong = yield* named("apply", join(folder, "wrong.json"))
      assert.strictEqual(wrong.code, 2)
      assert.include(wrong.stderr, "a placeholder that is used must be declared: minimum, color")
      assert.notInclude(yield* names, "wrong")
    })
  )

  it.effect("create refuses a name that is taken, update one that is not", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const fresh = json(template("fresh"))
      const update = yield* onEmulator(["named-map", "update", "-"], { stdin: fresh })
      assert.strictEqual(update.code, 1)
      assert.match(update.stderr, /^error: Not found: /)
      const create = yield* onEmulator(["named-map", "create", "-", "--json", "*"], { stdin: fresh })
      assert.deepStrictEqual([create.code, create.stderr], [0, "created named map fresh\n"])
      assert.deepStrictEqual(JSON.parse(create.stdout), { name: "fresh", change: "created" })
      const again = yield* onEmulator(["named-map", "create", "-"], { stdin: fresh })
      assert.strictEqual(again.code, 1)
      assert.include(again.stderr, "hint: Update it, or apply it.")
      assert.strictEqual((yield* onEmulator(["named-map", "update", "-"], { stdin: fresh })).code, 0)
      const deleted = yield* named("delete", "fresh")
      assert.deepStrictEqual([deleted.code, deleted.stdout, deleted.stderr], [0, "", "deleted named map fresh\n"])
      assert.strictEqual((yield* named("delete", "fresh")).code, 1)
      assert.strictEqual((yield* named("create", join(folder, "none.json"))).code, 1)
    })
  )

  it.effect("get prints a template that can be applied, its tokens only where they are asked for", () =>
    Effect.gen(function* () {
      const shown = yield* named("get", "private")
      assert.strictEqual(shown.code, 0)
      assert.notInclude(shown.stdout + shown.stderr, token)
      assert.deepStrictEqual(JSON.parse(shown.stdout).auth.valid_tokens, ["<redacted>"])
      assert.include(shown.stderr, "--with-secret prints them")
      const whole = yield* named("get", "private", "--with-secret")
      assert.include(whole.stderr, "whoever sees them may use the map")
      const back = yield* onEmulator(["named-map", "apply", "-"], { stdin: whole.stdout })
      assert.strictEqual(back.stderr, "named map private is as it should be\n")
      const keys = yield* named("get", "cities", "--jq", '.placeholders | keys | join(",")')
      assert.strictEqual(keys.stdout, "color,minimum\n")
      const none = yield* named("get", "nowhere")
      assert.deepStrictEqual([none.code, none.stdout], [1, ""])
      assert.match(none.stderr, /^error: Not found: /)
    })
  )

  it.effect("instantiate takes values and a token, and keeps the token out of what it prints", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const closed = yield* named("instantiate", "private")
      assert.strictEqual(closed.code, 4)
      assert.include(closed.stderr, "hint: Give one of the template's tokens")
      const args = ["instantiate", "private", "--token-file", join(folder, "token")]
      const open = yield* named(...args, "--set", "minimum=2000000", "--set", "color=blue")
      assert.strictEqual(open.code, 0)
      assert.notInclude(open.stdout + open.stderr, token)
      assert.match(JSON.parse(open.stdout).layergroupid, /^alice@[\da-f]{8}@[\da-f]{32}:\d+$/)
      const secret = yield* named(...args, "--with-secret", "--tilejson", "mvt")
      assert.include(JSON.parse(secret.stdout).tiles[0], `?auth_token=${token}`)
      const wrong = yield* named(...args, "--set", "minimum=lots")
      assert.strictEqual(wrong.code, 1)
      const shape = yield* named(...args, "--set", "minimum")
      assert.strictEqual(shape.code, 2)
      assert.include(shape.stderr, "NAME=VALUE")
    })
  )

  it.effect("prune lists what would go, and deletes it with --yes", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const all = yield* named("prune")
      assert.deepStrictEqual([all.code, all.stdout], [2, ""])
      const listed = yield* named("prune", "--keep", join(folder, "cities.json"))
      assert.deepStrictEqual([listed.code, listed.stdout], [0, "private\n"])
      assert.strictEqual(listed.stderr, "would delete 1 named map; --yes deletes\n")
      const dry = yield* named("prune", "--keep", "cities", "--yes", "--dry-run")
      assert.strictEqual(dry.stdout, "private\n")
      assert.deepStrictEqual(yield* names, ["cities", "private"])
      const done = yield* named("prune", "--prefix", "pri", "--yes")
      assert.deepStrictEqual([done.code, done.stdout, done.stderr], [0, "private\n", "deleted 1 named map\n"])
      assert.deepStrictEqual(yield* names, ["cities"])
      const nothing = yield* named("prune", "--prefix", "pri", "--yes")
      assert.deepStrictEqual([nothing.stdout, nothing.stderr], ["", "deleted no named maps\n"])
    })
  )

  it.effect("templates need the master key", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* onEmulator(["named-map", "list"], { env: { CARTO_API_KEY: "default_public" } })
      assert.strictEqual(code, 4)
      assert.match(stderr, /^error: Access denied: /)
    })
  )
})
