import { defineConfig } from "vitest/config"
import { projects } from "./vitest.workspace.ts"

// The packages import each other from source, so that no test runs against a stale build.
const conditions = ["@effect-carto/source"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { projects }
})
