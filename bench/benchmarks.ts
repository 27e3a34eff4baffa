/** All of them, loaded by name: a variant's process must not hold what others need. */
import type { Benchmark } from "./Benchmark.ts"

export const benchmarks: Readonly<Record<string, () => Promise<{ readonly benchmark: Benchmark }>>> = {
  upload: () => import("./upload.ts"),
  uploadGzip: () => import("./uploadGzip.ts"),
  download: () => import("./download.ts"),
  typedRows: () => import("./typedRows.ts"),
  queryJson: () => import("./queryJson.ts"),
  streamJson: () => import("./streamJson.ts"),
  select1: () => import("./select1.ts"),
  overhead: async () => ({ benchmark: (await import("./select1.ts")).overhead }),
  jobDone: () => import("./jobDone.ts"),
  jobsWatched: () => import("./jobsWatched.ts"),
  importUpload: () => import("./importUpload.ts"),
  import500: () => import("./import500.ts"),
  tiles: () => import("./tiles.ts"),
  tilesReady: async () => ({ benchmark: (await import("./tiles.ts")).ready }),
  mvt: () => import("./mvt.ts"),
  cliStart: () => import("./cliStart.ts")
}

export const load = async (name: string): Promise<Benchmark> => {
  const found = benchmarks[name]
  if (found === undefined) throw new Error(`no benchmark "${name}"; there are ${Object.keys(benchmarks).join(", ")}`)
  return (await found()).benchmark
}
