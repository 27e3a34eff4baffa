/** The file of an import: one POST, whatever its size. */
import type { Benchmark, Environment } from "./Benchmark.ts"
import { makeCsv, pathOf, sizeOf } from "./files.ts"
import { memoryBeside, memoryLike, right } from "./goals.ts"
import * as Raw from "./raw.ts"
import { receivedBy } from "./received.ts"

/** What the form around the file may add. */
const framing = 4096

const carto = (megabytes: number) => async (environment: Environment) => {
  const { importFile } = await import("./imports.ts")
  const size = sizeOf(environment, megabytes)
  const { measured, received, uploads } = await receivedBy(environment, () =>
    importFile(environment, pathOf(environment, megabytes))
  )
  if (uploads !== 1) throw new Error(`the server got ${uploads} uploads`)
  if (received.bytes < size || received.bytes > size + framing) {
    throw new Error(`the server received ${received.bytes} bytes of a file of ${size}`)
  }
  return measured
}

export const benchmark: Benchmark = {
  name: "importUpload",
  title: "import of a 300 MB file, received by a sink of bytes",
  rounds: 5,
  baseline: "raw",
  amount: (environment) => ({ count: sizeOf(environment, 300) / 1e6, unit: "MB" }),
  prepare: async (environment) => {
    for (const megabytes of [1, 100, 300]) await makeCsv(environment, megabytes)
  },
  variants: {
    raw: { run: Raw.withLibrary((environment) => Raw.importFile(environment, pathOf(environment, 300))) },
    carto: { run: carto(300) },
    "carto, 1 MB": { isTimed: false, run: carto(1) },
    "carto, 100 MB": { isTimed: false, run: carto(100) }
  },
  goals: [
    memoryBeside("carto", 40e6, "carto, 1 MB"),
    memoryBeside("carto", 20e6, "raw"),
    memoryLike("carto", 20e6, "carto, 100 MB"),
    right("carto", "uploads and bytes received: one, of the file's size")
  ]
}
