/** A folder with all its parents. Node's own recursive form never ends where a parent refuses new entries, as /proc does. */
import * as Fs from "node:fs/promises"
import { dirname } from "node:path"
import { codeOf } from "./systemError.ts"

export const makeFolder = async (path: string, mode?: number): Promise<void> => {
  const make = () => Fs.mkdir(path, { mode })
  const parent = dirname(path)
  await make()
    .catch(async (error: unknown) => {
      if (codeOf(error) !== "ENOENT" || parent === path) throw error
      await makeFolder(parent, mode)
      await make()
    })
    .catch(async (error: unknown) => {
      // It was there, or another process was faster; a file of this name is none.
      if (codeOf(error) !== "EEXIST" || !(await Fs.stat(path)).isDirectory()) throw error
    })
}
