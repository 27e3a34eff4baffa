/** COPY FROM of a file, as it is. */
import type { Benchmark, Environment } from "./Benchmark.ts"
import { makeCsv, pathOf, sizeOf } from "./files.ts"
import { memoryBeside, memoryLike, right, speed } from "./goals.ts"
import { needs, program } from "./process.ts"
import * as Raw from "./raw.ts"
import { checked } from "./received.ts"

const raw = (megabytes: number, chunk?: number) => (environment: Environment) =>
  Raw.upload(environment, pathOf(environment, megabytes), chunk)

const carto = (megabytes: number, table: string) => async (environment: Environment) => {
  const { upload } = await import("./carto.ts")
  return upload(environment, pathOf(environment, megabytes), table, "none")
}

const verified = (megabytes: number, table: string) => (environment: Environment) =>
  checked(environment, pathOf(environment, megabytes), carto(megabytes, table)(environment))

export const benchmark: Benchmark = {
  name: "upload",
  title: "COPY FROM of a 300 MB file into a sink of bytes",
  rounds: 7,
  baseline: "raw",
  amount: (environment) => ({ count: sizeOf(environment, 300) / 1e6, unit: "MB" }),
  prepare: async (environment) => {
    for (const megabytes of [100, 300, 600]) await makeCsv(environment, megabytes)
  },
  variants: {
    raw: { run: Raw.withLibrary(raw(300)) },
    carto: { run: carto(300, "sink") },
    "raw, chunks of 1 MB": { run: Raw.withLibrary(raw(300, 1 << 20)) },
    "raw, alone": { run: raw(300) },
    curl: {
      missing: needs("curl"),
      run: (environment) =>
        program("curl", [
          "--silent",
          "--fail",
          ...["--header", "Expect:"],
          ...["--request", "POST"],
          ...["--upload-file", pathOf(environment, 300)],
          `${environment.server}/user/alice/api/v2/sql/copyfrom?q=COPY%20sink%20FROM%20STDIN`
        ])
    },
    "carto, 100 MB": { isTimed: false, run: carto(100, "sink") },
    "raw, 600 MB": { isTimed: false, run: Raw.withLibrary(raw(600)) },
    "carto, 600 MB": { isTimed: false, run: carto(600, "sink") },
    "carto, CRC": { isTimed: false, run: verified(300, "sink_checked") },
    "carto, CRC, slow": { isTimed: false, run: verified(100, "sink_slow_checked") }
  },
  goals: [
    speed("carto", 1.5, "undici.request(createReadStream)"),
    memoryBeside("carto", 20e6, "raw"),
    memoryBeside("carto, 600 MB", 20e6, "raw, 600 MB"),
    memoryLike("carto, 600 MB", 20e6, "carto, 100 MB"),
    right("carto, CRC", "CRC of file and bytes received"),
    right("carto, CRC, slow", "CRC of file and bytes received, sink of 120 MB/s")
  ]
}
