/** One character beyond Latin-1 makes V8 keep the whole file in twice the memory, and Node decode it byte by byte. */
import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"

/** In minified code such characters stand in texts and patterns only, where an escape means the same. */
export const escaped = (code: string): string =>
  code.replace(/\P{ASCII}/gu, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join("")
  )

export const inAscii = async (dist: string): Promise<void> => {
  const names = (await readdir(dist)).filter((name) => name.endsWith(".js"))
  await Promise.all(
    names.map(async (name) => {
      const path = join(dist, name)
      await writeFile(path, escaped(await readFile(path, "utf8")))
    })
  )
}
