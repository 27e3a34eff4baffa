/** Files and folders that a command is about to make. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { failure, usage } from "./CommandError.ts"

/** Refuses what is there already, before anything is asked of the server; a folder that is empty may be there. */
export const checkNew = Effect.fnUntraced(function* (path: string, force: boolean) {
  if (path === "-" || force) return
  const fs = yield* FileSystem.FileSystem
  const unreadable = () => failure(`Cannot look at ${path}.`)
  if (!(yield* Effect.mapError(fs.exists(path), unreadable))) return
  const { type } = yield* Effect.mapError(fs.stat(path), unreadable)
  if (type === "Directory" && (yield* Effect.mapError(fs.readDirectory(path), unreadable)).length === 0) return
  yield* usage(`${path} is there already.`, "--force replaces what is in the way.")
})
