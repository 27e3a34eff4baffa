import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { inCommands } from "../src/commandWords.ts"

const method =
  /\b(ApiKeyGrants|ApiKeys|DataObservatory|DatasetRows|Datasets|Imports|Kuviz|Permissions|Tables|Users|Visualizations)\.[a-z]/

const core = join(import.meta.dirname, "../../core/src")

/** Sentences of the library that name a method of a service which commands use. */
const sentences = readdirSync(core, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .flatMap((name) => readFileSync(join(core, name), "utf8").match(/"[A-Z][^"\n]* [^"\n]*\.?"/g) ?? [])
  .filter((text) => method.test(text))

describe("advice of the library", () => {
  it("names commands at the command line, and no methods", () => {
    assert.isAtLeast(sentences.length, 6)
    assert.deepStrictEqual(
      sentences.map(inCommands).filter((text) => method.test(text)),
      []
    )
  })
})
