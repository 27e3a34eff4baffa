import { availableParallelism } from "node:os"
import { join } from "node:path"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"
import { projects } from "./vitest.workspace.ts"

// The packages import each other from source, so that no test runs against a stale build.
const conditions = ["@effect-carto/source"]

// For the programs that tests start, from source: most of a short program's time is reading modules.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/compiled")

// What begins last goes on alone, so the projects with the longest files begin.
const projectOrder = ["repository", "emulator", "cli", "node", "core"]

class LongestFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const place = ({ project }: TestSpecification) => projectOrder.indexOf(project.name)
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}

/** Files wait for timers, servers and programs, and others have the cores meanwhile. A process grows to 1.5 GB. */
const workers = Math.max(
  1,
  Math.min(Math.ceil(1.5 * availableParallelism()), Math.floor(process.availableMemory() / 2e9))
)

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects,
    // Half of a fresh process's time would go to modules, so files share processes, and put back what they change.
    isolate: false,
    maxWorkers: workers,
    sequence: { sequencer: LongestFirst },
    // A database starts in some hooks, and a busy machine is no failure.
    hookTimeout: 180_000,
    testTimeout: 60_000
  }
})
