/** `npm run docs`: writes the chapters of the documents that come from the sources. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { chapters, withChapter } from "./docs/chapters.ts"

for (const { name, page, text } of chapters) {
  const path = join(import.meta.dirname, "..", page)
  writeFileSync(path, withChapter(readFileSync(path, "utf8"), name, await Effect.runPromise(text)))
}
