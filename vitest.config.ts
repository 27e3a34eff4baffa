import { join } from "node:path"
import { defineConfig } from "vitest/config"
import { projects } from "./vitest.workspace.ts"

// The packages import each other from source, so that no test runs against a stale build.
const conditions = ["@effect-carto/source"]

// For the programs that tests start, from source: most of a short program's time is reading modules.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/compiled")

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // Half of a fresh process's time would go to modules, so files share processes, and what they change of a process
  // they put back. Of the rest most goes to databases, each in threads of its own: no core waits for the runner. A
  // database starts in some hooks, and a busy machine is no failure.
  test: { projects, isolate: false, maxWorkers: "100%", hookTimeout: 180_000, testTimeout: 60_000 }
})
