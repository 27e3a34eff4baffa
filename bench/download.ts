/** COPY TO into a file. */
import { rm } from "node:fs/promises"
import { join } from "node:path"
import type { Benchmark, Environment, Measured } from "./Benchmark.ts"
import { sizeOf } from "./files.ts"
import { memoryBeside, memoryLike, speed } from "./goals.ts"
import { needs, program } from "./process.ts"
import * as Raw from "./raw.ts"

type Download = (environment: Environment, path: string, size: number) => Promise<Measured>

const into = (megabytes: number, download: Download) => async (environment: Environment) => {
  const path = join(environment.folder, "downloaded")
  await rm(path, { force: true })
  return download(environment, path, sizeOf(environment, megabytes))
}

const carto: Download = async (environment, path, size) => {
  const { download } = await import("./carto.ts")
  return download(environment, path, size)
}

const curl: Download = (environment, path, size) =>
  program("curl", [
    "--silent",
    "--fail",
    ...["--json", JSON.stringify({ q: `COPY bytes_${size} TO STDOUT` })],
    ...["--output", path],
    `${environment.server}/user/alice/api/v2/sql/copyto`
  ])

export const benchmark: Benchmark = {
  name: "download",
  title: "COPY TO of 300 MB into a file",
  rounds: 7,
  baseline: "raw",
  amount: (environment) => ({ count: sizeOf(environment, 300) / 1e6, unit: "MB" }),
  variants: {
    raw: { run: Raw.withLibrary(into(300, Raw.download)) },
    carto: { run: into(300, carto) },
    curl: { missing: needs("curl"), run: into(300, curl) },
    "raw, alone": { run: into(300, Raw.download) },
    "carto, 100 MB": { isTimed: false, run: into(100, carto) },
    "raw, 600 MB": { isTimed: false, run: Raw.withLibrary(into(600, Raw.download)) },
    "carto, 600 MB": { isTimed: false, run: into(600, carto) }
  },
  goals: [
    speed("carto", 1.2, "undici.request, pipeline(createWriteStream)"),
    memoryBeside("carto", 20e6, "raw"),
    memoryBeside("carto, 600 MB", 20e6, "raw, 600 MB"),
    memoryLike("carto, 600 MB", 20e6, "carto, 100 MB")
  ]
}
