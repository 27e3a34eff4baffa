import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { emulator, home, onEmulator } from "../../harness.ts"

const html = (text: string) => `<!DOCTYPE html><html><body>${text}</body></html>`

const page = Effect.map(home, (folder) => (name: string, text: string) => {
  const file = join(folder, name)
  writeFileSync(file, html(text))
  return file
})

const visit = (url: string) => Effect.promise(async () => (await fetch(url)).text())

it.layer(emulator.layer, emulator.options)("carto kuviz", (it) => {
  it.effect("create prints the address of the page, which everybody can see", () =>
    Effect.gen(function* () {
      const write = yield* page
      const made = yield* onEmulator(["kuviz", "create", "report", write("report.html", "first")])
      assert.strictEqual(made.code, 0, made.stderr)
      assert.match(made.stderr, /^created kuviz report \([\da-f-]{36}\), public\n$/)
      assert.include(yield* visit(made.stdout.trim()), "first")

      const taken = yield* onEmulator(["kuviz", "create", "report", write("again.html", "second")])
      assert.strictEqual(taken.code, 1)
      assert.include(taken.stderr, "Name has already been taken")
      assert.include(taken.stderr, "say that the page of that name is to be replaced")
      const replaced = yield* onEmulator(["kuviz", "create", "report", write("again.html", "second"), "--replace"])
      assert.strictEqual(replaced.stdout, made.stdout)
      assert.include(yield* visit(made.stdout.trim()), "second")
    })
  )

  it.effect("a password comes on standard input and is shown nowhere", () =>
    Effect.gen(function* () {
      const write = yield* page
      const file = write("closed.html", "secret numbers")
      const options = { stdin: "open sesame\n" }
      const dry = yield* onEmulator(["kuviz", "create", "closed", file, "--password-stdin", "--dry-run"], options)
      assert.strictEqual(dry.code, 0)
      assert.include(dry.stderr, '"password":"<redacted>"')
      assert.notInclude(dry.stderr, "open sesame")
      const made = yield* onEmulator(["kuviz", "create", "closed", file, "--password-stdin", "--verbose"], options)
      assert.match(made.stderr, /created kuviz closed \([\da-f-]{36}\), password/)
      assert.notInclude(made.stderr + made.stdout, "open sesame")
      assert.notInclude(yield* visit(made.stdout.trim()), "secret numbers")
      const open = yield* onEmulator(["kuviz", "update", "closed", "--public", "--jq", ".privacy"])
      assert.strictEqual(open.stdout, "public\n")
      assert.include(yield* visit(made.stdout.trim()), "secret numbers")
    })
  )

  it.effect("update changes what is given, list and get tell it, delete takes the page away", () =>
    Effect.gen(function* () {
      const made = yield* onEmulator(["kuviz", "create", "draft", "-", "--json", "id,url"], { stdin: html("1") })
      const { id, url } = JSON.parse(made.stdout)
      const renamed = yield* onEmulator(["kuviz", "update", "draft", "--name", "final", "--file", "-"], {
        stdin: html("2")
      })
      assert.strictEqual(renamed.stderr, `updated kuviz final (${id}), public\n`)
      assert.include(yield* visit(url), "2")
      const list = yield* onEmulator(["kuviz", "list", "--search", "final", "--json", "name"])
      assert.deepStrictEqual(JSON.parse(list.stdout), [{ name: "final" }])
      assert.strictEqual((yield* onEmulator(["kuviz", "get", id, "--jq", ".name"])).stdout, "final\n")
      const gone = yield* onEmulator(["kuviz", "delete", "final", "--yes"])
      assert.strictEqual(gone.stderr, `deleted kuviz final (${id})\n`)
      assert.strictEqual((yield* onEmulator(["kuviz", "get", id])).code, 1)
    })
  )

  it.effect("a page in another encoding stays as it is", () =>
    Effect.gen(function* () {
      const file = join(yield* home, "latin1.html")
      writeFileSync(file, Buffer.from('<html><meta charset="iso-8859-1"><body>caf\u00e9</body></html>', "latin1"))
      const made = yield* onEmulator(["kuviz", "create", "old", file])
      assert.strictEqual(made.code, 0, made.stderr)
      const bytes = yield* Effect.promise(async () => (await fetch(made.stdout.trim())).arrayBuffer())
      assert.include(Buffer.from(bytes).toString("latin1"), "caf\u00e9<")
    })
  )

  it.effect("what cannot be is refused", () =>
    Effect.gen(function* () {
      const write = yield* page
      const none = yield* onEmulator(["kuviz", "get", "nowhere"])
      assert.strictEqual(none.code, 1)
      assert.include(none.stderr, "There is no page of the name")
      const nothing = yield* onEmulator(["kuviz", "update", "nowhere"])
      assert.include(nothing.stderr, "There is nothing to change.")
      const both = yield* onEmulator(["kuviz", "create", "both", "-", "--password-stdin"])
      assert.strictEqual(both.code, 2)
      const prompt = yield* onEmulator(["kuviz", "create", "asked", write("a.html", "a"), "--ask-password"])
      assert.strictEqual(prompt.code, 2)
      assert.include(prompt.stderr, "--password-stdin")
      const part = yield* onEmulator(["kuviz", "create", "part", "-"], { stdin: "<p>no document</p>" })
      assert.strictEqual(part.code, 2)
      assert.include(part.stderr, "<html> tag")
    })
  )
})
