/** Which tables a file makes, and how each of them is staged. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type { Database } from "../Database.ts"
import type { ImportOptions } from "./Asked.ts"
import { stageCsv } from "./csv/stageCsv.ts"
import { type ImportFile, kindOf, stem } from "./File.ts"
import { failure, type ImportFailure } from "./failures.ts"
import type { Staged } from "./Staged.ts"

/** A table to be. */
export interface Loader {
  /** What it wants to be called. */
  readonly name: string
  /** Fills the staged table of this name. */
  readonly stage: (relation: string) => Effect.Effect<Staged, ImportFailure, Database | FileSystem.FileSystem>
}

/** Fails with 1002 for a file of which no table can be made. */
export const loadersOf = Effect.fnUntraced(function* (file: ImportFile, options: ImportOptions) {
  const name = stem(file.name)
  switch (kindOf(file.name)) {
    case "csv": {
      const loader: Loader = {
        name,
        stage: (relation) => stageCsv({ path: file.path, name, relation, import: options })
      }
      return [loader]
    }
    default:
      return yield* failure(1002)
  }
})
