/** COPY FROM of a file, compressed on the way. */
import type { Benchmark, Environment } from "./Benchmark.ts"
import { makeCsv, pathOf, sizeOf } from "./files.ts"
import { memoryBeside, memoryLike, right, speed } from "./goals.ts"
import { needs, program } from "./process.ts"
import * as Raw from "./raw.ts"
import { checked } from "./received.ts"

const carto = (megabytes: number, table: string) => async (environment: Environment) => {
  const { upload } = await import("./carto.ts")
  return upload(environment, pathOf(environment, megabytes), table, "gzip")
}

const verified = (megabytes: number, table: string) => (environment: Environment) =>
  checked(environment, pathOf(environment, megabytes), carto(megabytes, table)(environment))

export const benchmark: Benchmark = {
  name: "uploadGzip",
  title: "COPY FROM of a 300 MB file with gzip, level 1",
  rounds: 5,
  baseline: "raw",
  amount: (environment) => ({ count: sizeOf(environment, 300) / 1e6, unit: "MB" }),
  prepare: async (environment) => {
    for (const megabytes of [100, 300]) await makeCsv(environment, megabytes)
  },
  variants: {
    raw: { run: Raw.withLibrary((environment) => Raw.uploadGzip(environment, pathOf(environment, 300))) },
    "raw, alone": { run: (environment) => Raw.uploadGzip(environment, pathOf(environment, 300)) },
    carto: { run: carto(300, "sink") },
    "gzip -1 and curl": {
      missing: needs("curl"),
      run: (environment) =>
        program("sh", [
          "-c",
          'gzip -1 -c "$1" | curl --silent --fail -H Expect: -H "Content-Encoding: gzip" -X POST -T - "$2"',
          "sh",
          pathOf(environment, 300),
          `${environment.server}/user/alice/api/v2/sql/copyfrom?q=COPY%20sink%20FROM%20STDIN`
        ])
    },
    "carto, 100 MB": { isTimed: false, run: carto(100, "sink") },
    "carto, CRC": { isTimed: false, run: verified(300, "sink_checked") },
    "carto, CRC, slow": { isTimed: false, run: verified(100, "sink_slow_checked") }
  },
  goals: [
    speed("carto", 1.4, "pipeline(createGzip)"),
    memoryBeside("carto", 20e6, "raw"),
    memoryLike("carto", 20e6, "carto, 100 MB"),
    right("carto, CRC", "CRC of file and bytes received and unpacked"),
    right("carto, CRC, slow", "CRC of file and bytes received and unpacked, sink of 120 MB/s")
  ]
}
