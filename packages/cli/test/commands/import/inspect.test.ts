import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { emulator, onEmulator } from "../../harness.ts"
import { folderWith } from "../files.ts"

it.layer(emulator.layer, emulator.options)("carto import inspect", (it) => {
  it.effect("tells people names, damages and what to do", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "Places.csv": "Name;Zip Code\nHoltsville;00501\nAgawam;01001\n" })
      const { code, stderr, stdout } = yield* onEmulator(["import", "inspect", join(folder, "Places.csv")])
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.deepStrictEqual(stdout.split("\n").slice(0, 5), [
        "dataset   places",
        'format    csv, utf-8, delimiter ";"',
        "looked at 44 B (2 rows)",
        "column    Name becomes name",
        "column    Zip Code becomes zip_code: 2 with leading zero, such as 00501"
      ])
      assert.include(stdout, "Import with --no-type-guessing, and every column stays text.")
    })
  )

  it.effect("--json gives programs the same", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "Places.csv": "Zip Code\n00501\n" })
      const { stdout } = yield* onEmulator(["import", "inspect", join(folder, "Places.csv"), "--json", "name,columns"])
      assert.deepStrictEqual(JSON.parse(stdout), {
        name: "places",
        columns: [
          {
            name: "Zip Code",
            becomes: "zip_code",
            damages: [{ kind: "leading zero", count: 1, example: "00501" }]
          }
        ]
      })
    })
  )

  it.effect("fails where the import would, and for files that are not there or of no known kind", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "header.csv": "a,b\n", "word.docx": "?" })
      const header = yield* onEmulator(["import", "inspect", join(folder, "header.csv")])
      assert.strictEqual(header.code, 1)
      assert.match(header.stderr, /header\.csv would not be imported\.\nhint: Give at least one row\.\n$/)
      const word = yield* onEmulator(["import", "inspect", join(folder, "word.docx")])
      assert.strictEqual(word.code, 2)
      assert.match(word.stderr, /^error: Files of the kind \.docx are not read\nhint: /)
      const none = yield* onEmulator(["import", "inspect", join(folder, "none.csv")])
      assert.strictEqual(none.code, 1)
      assert.match(none.stderr, /there is no such file or directory/)
    })
  )
})
