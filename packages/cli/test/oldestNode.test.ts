import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { isSupported, oldestNode } from "../src/oldestNode.ts"

it("the oldest Node is the one of package.json", () => {
  const json = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8"))
  assert.strictEqual(json.engines.node, `>=${oldestNode}`)
})

it.each([
  ["20.20.2", false],
  ["22.18.0", false],
  ["22.19.0", true],
  ["22.20.1", true],
  ["24.1.0", true],
  ["9.99.0", false]
])("Node %s: %s", (version, expected) => assert.strictEqual(isSupported(version), expected))
