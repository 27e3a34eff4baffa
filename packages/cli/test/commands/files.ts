/** Files in a folder that is gone with the test. */
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { Effect } from "effect"
import { home } from "../harness.ts"

/** Answers the folder. */
export const folderWith = (files: Readonly<Record<string, string>>) =>
  Effect.map(home, (folder) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    return folder
  })
