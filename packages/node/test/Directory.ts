import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"

/** Runs with an empty directory, and takes it away with what is in it. */
export const inDirectory = <A, E, R>(use: (directory: string) => Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "carto-test-"))),
    use,
    (directory) => Effect.sync(() => rmSync(directory, { recursive: true }))
  )
