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

  it.effect("enrich and catalog say what the server says", () =>
    Effect.gen(function* () {
      const file = join(yield* home, "enrichment.json")
      writeFileSync(file, JSON.stringify({ type: "lines", input: "shops" }))
      const wrong = yield* onEmulator(["do", "enrich", file])
      assert.strictEqual(wrong.code, 2)
      assert.include(wrong.stderr, "does not describe an enrichment")
      writeFileSync(file, JSON.stringify({ type: "points", input: "shops", variables: [], output: "rich" }))
      const unknown = yield* onEmulator(["do", "enrich", file, "--retries", "0"])
      // The emulator has no service for it.
      assert.strictEqual(unknown.code, 1)
      assert.include(unknown.stderr, "501")
      const variables = yield* onEmulator(["do", "catalog", "countries", "--variables"])
      assert.strictEqual(variables.code, 2)
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
