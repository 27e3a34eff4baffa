import { defineConfig } from "vitest/config"
import { projects } from "./vitest.workspace.ts"

// The packages import each other from source, so that no test runs against a stale build.
const conditions = ["@effect-carto/source"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // Most of the time goes to databases that start, each in threads of its own: no core waits for the runner. A database
  // starts in some hooks, and a busy machine is no failure.
  test: { projects, maxWorkers: "100%", hookTimeout: 180_000, testTimeout: 60_000 }
})
