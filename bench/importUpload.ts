/** The file of an import: one POST, whatever its size, and hardly any memory. */
import type { Benchmark, Environment } from "./Benchmark.ts"
import { makeCsv, pathOf, sizeOf } from "./files.ts"
import { memoryBeside, right } from "./goals.ts"
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
  baseline: "carto, 1 MB",
  amount: (environment) => ({ count: sizeOf(environment, 300) / 1e6, unit: "MB" }),
  prepare: async (environment) => {
    for (const megabytes of [1, 300]) await makeCsv(environment, megabytes)
  },
  variants: {
    "carto, 1 MB": { isTimed: false, run: carto(1) },
    carto: { run: carto(300) }
  },
  goals: [
    memoryBeside("carto", 40e6, "carto, 1 MB"),
    right("carto", "uploads and bytes received: one, of the file's size")
  ]
}
