import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { emulator, home, onEmulator } from "../../harness.ts"

const states = "carto-do-public-data.local.small_states"
const ordered = "carto-do.local.small_states"

it.layer(emulator.layer, emulator.options)("carto data-observatory", (it) => {
  it.effect("subscribe shows the terms, and goes on with --yes only", () =>
    Effect.gen(function* () {
      const asked = yield* onEmulator(["data-observatory", "subscribe", states])
      assert.deepStrictEqual([asked.code, asked.stdout], [2, ""])
      assert.include(asked.stderr, `${states}: `)
      assert.include(asked.stderr, "--yes")
      assert.strictEqual((yield* onEmulator(["do", "list", "--jq", "length"])).stdout, "0\n")
      const done = yield* onEmulator(["do", "subscribe", states, "--yes"])
      assert.strictEqual(done.code, 0, done.stderr)
      assert.include(done.stderr, `subscribed to ${states}\n`)
      const list = yield* onEmulator(["do", "list", "--json", "id,status"])
      assert.deepStrictEqual(JSON.parse(list.stdout), [{ id: states, status: "active" }])
      const got = yield* onEmulator(["do", "get", states, "--jq", ".type"])
      assert.strictEqual(got.stdout, "dataset\n")
      assert.strictEqual((yield* onEmulator(["do", "get", ordered])).code, 1)
    })
  )

  it.effect("terms and info tell before anything is ordered, token gives one line", () =>
    Effect.gen(function* () {
      const terms = yield* onEmulator(["do", "terms", ordered, "--json", "id,type"])
      assert.deepStrictEqual(JSON.parse(terms.stdout), { id: ordered, type: "dataset" })
      const info = yield* onEmulator(["do", "info", states, "--jq", ".estimated_row_count > 0"])
      assert.strictEqual(info.stdout, "true\n")
      const token = yield* onEmulator(["do", "token", "--verbose"])
      assert.match(token.stdout, /^\S+\n$/)
      assert.notInclude(token.stderr, token.stdout.trim())
    })
  )

  it.effect("sync copies the data into a table, whose name it prints", () =>
    Effect.gen(function* () {
      yield* onEmulator(["do", "subscribe", states, "--yes"])
      const synced = yield* onEmulator(["do", "sync", states])
      assert.strictEqual(synced.code, 0, synced.stderr)
      const status = yield* onEmulator(["do", "sync-status", states, "--jq", '"\\(.sync_status) \\(.sync_table)"'])
      assert.strictEqual(status.stdout, `synced ${synced.stdout}`)
      const rows = yield* onEmulator(["sql", "query", `select count(*) > 0 as b from ${synced.stdout.trim()}`])
      assert.include(rows.stdout, "true")
      assert.strictEqual((yield* onEmulator(["do", "unsync", states])).stderr, `ended the copying of ${states}\n`)
      assert.strictEqual((yield* onEmulator(["do", "unsubscribe", states])).code, 0)
    })
  )

  it.effect("import loads a file into a dataset of the service, and export writes it", () =>
    Effect.gen(function* () {
      const folder = yield* home
      const file = join(folder, "shops.csv")
      writeFileSync(file, "id,name\n1,Ä\n2,B\n")
      const columns = ["--column", "id:int64", "--column", "name:STRING"]
      const loaded = yield* onEmulator(["do", "import", "shops", file, ...columns])
      assert.strictEqual(loaded.code, 0, loaded.stderr)
      assert.strictEqual(loaded.stderr, "loaded 17 B into shops of the Data Observatory\n")
      const output = join(folder, "out.csv")
      const written = yield* onEmulator(["do", "export", "shops", "--output", output])
      assert.strictEqual(written.code, 0, written.stderr)
      assert.include(readFileSync(output, "utf8"), "Ä")
      const limited = yield* onEmulator(["do", "export", "shops", "--limit", "1"])
      assert.strictEqual(limited.stdout.trim().split("\n").length, 2)
    })
  )

  it.effect("enrich adds columns to a dataset, and export queries the result", () =>
    Effect.gen(function* () {
      const folder = yield* home
      const places = join(folder, "places.csv")
      writeFileSync(places, "id,geom\n1,POINT(1.53 42.5)\n2,POINT(0 0)\n")
      const columns = ["--column", "id:INT64", "--column", "geom:GEOGRAPHY"]
      assert.strictEqual((yield* onEmulator(["do", "import", "places", places, ...columns])).code, 0)
      yield* onEmulator(["do", "subscribe", states, "--yes"])
      const file = join(folder, "enrichment.json")
      const request = { type: "points", input: "places", variables: [`${states}.name`], output: "rich" }
      writeFileSync(file, JSON.stringify(request))
      const done = yield* onEmulator(["do", "enrich", file])
      assert.deepStrictEqual([done.code, done.stderr], [0, "enriched into rich\n"])
      const job = yield* onEmulator(["do", "enrich", "-", "--jq", ".output"], { stdin: JSON.stringify(request) })
      assert.strictEqual(job.stdout, "rich\n", job.stderr)
      const query = "select id, name from $dataset$ where name is not null"
      const found = yield* onEmulator(["do", "export", "rich", "--query", query])
      assert.strictEqual(found.stdout, "id,name\n1,Andorra\n", found.stderr)
      const placed = yield* onEmulator(["do", "export", states, "--geometry", "--order", "geoid", "--limit", "1"])
      assert.match(placed.stdout, /^geoid,name,area,population,geom\nAND,/)
      const bad = yield* onEmulator(["do", "export", "rich", "--query", "select nothing from $dataset$"])
      assert.strictEqual(bad.code, 1)
      assert.include(bad.stderr, 'column "nothing" does not exist')
      const none = yield* onEmulator(["do", "export", ordered])
      assert.strictEqual(none.code, 4)
      assert.include(none.stderr, `no active subscription to ${ordered}`)
    })
  )

  it.effect("enrich says what is wrong with its file, and why an enrichment failed", () =>
    Effect.gen(function* () {
      const file = join(yield* home, "enrichment.json")
      writeFileSync(file, JSON.stringify({ type: "lines", input: "places" }))
      const wrong = yield* onEmulator(["do", "enrich", file])
      assert.strictEqual(wrong.code, 2)
      assert.include(wrong.stderr, "does not describe an enrichment")
      writeFileSync(file, JSON.stringify({ type: "points", input: "nowhere", variables: ["x"], output: "rich" }))
      const failed = yield* onEmulator(["do", "enrich", file])
      assert.deepStrictEqual([failed.code, failed.stdout], [1, ""])
      assert.include(failed.stderr, "dataset nowhere not found")
    })
  )

  it.effect("catalog prints what there is, one of it, or the variables of a dataset", () =>
    Effect.gen(function* () {
      const ids = ["--jq", ".[].id"]
      const malta = yield* onEmulator(["do", "catalog", "datasets", "--filter", "country=mlt", ...ids])
      assert.strictEqual(malta.stdout, "carto-do-public-data.local.malta_population\n", malta.stderr)
      const variables = yield* onEmulator([
        "do",
        "catalog",
        "datasets",
        states,
        "--variables",
        "--jq",
        ".[].column_name"
      ])
      assert.strictEqual(variables.stdout, "area\ngeoid\nname\npopulation\n")
      const one = yield* onEmulator(["do", "catalog", "countries", "mlt"])
      assert.deepStrictEqual(JSON.parse(one.stdout), { id: "mlt", name: "Malta" })
      const missing = yield* onEmulator(["do", "catalog", "countries", "usa"])
      assert.deepStrictEqual([missing.code, missing.stdout], [1, ""])
      assert.include(missing.stderr, "usa not found")
      const odd = yield* onEmulator(["do", "catalog", "countries", "--filter", "colour=red"])
      assert.strictEqual(odd.code, 1)
      assert.include(odd.stderr, "unknown filter colour")
      assert.strictEqual((yield* onEmulator(["do", "catalog", "countries", "--variables"])).code, 2)
    })
  )

  it.effect("an id has three parts, a column a type that exists, access a cloud", () =>
    Effect.gen(function* () {
      for (const args of [
        ["get", "states"],
        ["import", "shops", "-", "--column", "id:NUMBER"],
        ["import", "shops", "-"],
        ["access", states],
        ["access", states, "--cloud", "moon"]
      ]) {
        const { code, stdout } = yield* onEmulator(["do", ...args])
        assert.deepStrictEqual([args, code, stdout], [args, 2, ""])
      }
    })
  )
})
