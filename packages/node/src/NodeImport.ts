/** Files and standard input as sources of imports. */
import { basename } from "node:path"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as ImportSource from "@effect-carto/core/ImportSource"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { invalid } from "./internal/invalid.ts"
import * as LentFile from "./internal/lentFile.ts"
import { refused } from "./internal/systemError.ts"
import * as NodeFile from "./NodeFile.ts"

export interface FileOptions {
  /** What the server is to know the file by, with its extension. Default the file's own name. */
  readonly name?: string | undefined
}

/**
 * A file, which is looked at before anything is sent, and opened anew for each attempt. A pipe can be sent only once. A
 * file that is missing, unreadable or empty makes the import fail, not this function.
 */
export const file = (path: string, options?: FileOptions): ImportSource.BytesSource<CartoError> =>
  ImportSource.bytes(
    options?.name ?? basename(path),
    LentFile.read(path),
    Effect.map(NodeFile.inspect(path), ({ size }) => ({ size, replayable: size !== undefined }))
  )

/** Standard input, under a name that tells its format. A terminal makes the import fail before anything is sent. */
export const stdin = (name: string): ImportSource.BytesSource<CartoError, Stdio.Stdio> =>
  ImportSource.bytes(
    name,
    Stream.unwrap(
      Effect.map(Stdio.Stdio, ({ stdin }) =>
        Stream.mapError(stdin, refused("NodeImport.stdin", "read", "standard input"))
      )
    ),
    Effect.gen(function* () {
      const stdio = yield* Stdio.Stdio
      if (yield* stdio.stdinIsTerminal) {
        return yield* invalid(
          "NodeImport.stdin",
          "standard input is a terminal",
          "Redirect a file or pipe data into it."
        )
      }
      return { replayable: false }
    })
  )
