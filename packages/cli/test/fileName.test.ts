import { assert, describe, it } from "@effect/vitest"
import { plainName, uniqueName } from "../src/fileName.ts"

describe("names of files", () => {
  it("are names of tables that harm nobody", () => {
    assert.strictEqual(uniqueName("stations"), "stations")
    assert.strictEqual(uniqueName("straßen"), "straßen")
    for (const name of ["../../etc/passwd", "a/b", "C:\\x", ".hidden", "con", "a\nb", "x".repeat(300), "", "dot."]) {
      assert.match(uniqueName(name), /^(?!\.)[^/\\:*?"<>|\p{Cc}]{1,150}-[0-9a-f]{12}$/u, name)
    }
  })

  it("differ where the names do, also on disks to which capitals are nothing", () => {
    const names = ["ports", "Ports", "PORTS", "a/b", "a:b", "a_b", "e\u0301", "\u00e9"]
    assert.strictEqual(new Set(names.map((name) => uniqueName(name).normalize("NFC").toLowerCase())).size, names.length)
  })

  it("fit into 255 bytes, whatever the script", () => {
    for (const letter of ["x", "ш", "語", "𝒳"]) {
      assert.isAtMost(Buffer.byteLength(`${uniqueName(letter.repeat(100))}.csv.gz`), 200)
      assert.isTrue(plainName(letter.repeat(100)).isWellFormed())
    }
  })
})
