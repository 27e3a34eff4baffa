/** What the documents tell of commands and errors is what the sources tell. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { chapters, withChapter } from "../scripts/docs/chapters.ts"

describe("chapters", () => {
  for (const { name, page, text } of chapters) {
    it.effect(`${name} of ${page} is what npm run docs writes`, () =>
      Effect.gen(function* () {
        const written = readFileSync(join(import.meta.dirname, "..", page), "utf8")
        assert.strictEqual(written, withChapter(written, name, yield* text))
      })
    )
  }
})
