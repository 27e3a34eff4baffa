/** How long the built command takes to say the least. */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Benchmark, Measured } from "./Benchmark.ts"
import { delay } from "./goals.ts"
import { median } from "./statistics.ts"

const bin = join(import.meta.dirname, "../packages/cli/dist/bin.js")

const node = (...parameters: ReadonlyArray<string>): Promise<Measured> => {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now()
    const { status } = spawnSync(process.execPath, parameters, { stdio: "ignore" })
    if (status !== 0) throw new Error(`node ${parameters.join(" ")} ended with ${status}`)
    return performance.now() - start
  })
  return Promise.resolve({ seconds: median(times) / 1000 })
}

const missing = () => (existsSync(bin) ? undefined : "the command is not built: npm run build")

export const benchmark: Benchmark = {
  name: "cliStart",
  title: "start of the built command",
  rounds: 9,
  baseline: "node -e 0",
  amount: () => ({ count: 1, unit: "starts" }),
  variants: {
    "node -e 0": { run: () => node("-e", "0") },
    "carto --version": { missing, run: () => node(bin, "--version") },
    "carto --help": { missing, run: () => node(bin, "--help") }
  },
  goals: [delay("carto --version", 75, "node -e 0"), delay("carto --help", 75, "node -e 0")]
}
