/**
 * The whole import of a file of 500 MB, by an emulator that really loads it: minutes of PGlite, and what counts is that
 * the client's memory is that of 1 MB.
 */
import * as Redacted from "effect/Redacted"
import type { Benchmark, Environment } from "./Benchmark.ts"
import { makeCsv, pathOf, sizeOf } from "./files.ts"
import { memoryBeside } from "./goals.ts"

const carto = (megabytes: number) => async (environment: Environment) => {
  const { importFile } = await import("./imports.ts")
  return importFile(environment, pathOf(environment, megabytes), Redacted.make("local-master-key"))
}

export const benchmark: Benchmark = {
  name: "import500",
  title: "import of a 500 MB file into a dataset of the emulator",
  rounds: 1,
  server: "emulator",
  baseline: "carto, 1 MB",
  amount: (environment) => ({ count: sizeOf(environment, 500) / 1e6, unit: "MB" }),
  prepare: async (environment) => {
    for (const megabytes of [1, 500]) await makeCsv(environment, megabytes)
  },
  variants: {
    carto: { isTimed: false, run: carto(500) },
    "carto, 1 MB": { isTimed: false, run: carto(1) }
  },
  // V8 lets 64 MB of buffers lie around that were read and sent.
  goals: [memoryBeside("carto", 80e6, "carto, 1 MB")]
}
