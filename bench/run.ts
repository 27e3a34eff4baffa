/** `npm run bench -- [NAME …] [--quick] [--rounds N]`: measures, prints, and writes `RESULTS.md` unless it was quick. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync, writeFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { createRequire } from "node:module"
import { availableParallelism, cpus, loadavg } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import type { Benchmark, Environment } from "./Benchmark.ts"
import { benchmarks, load } from "./benchmarks.ts"
import { makeFolder } from "./files.ts"
import { type Finding, measure } from "./measure.ts"
import { goalRows, merge, variantRows } from "./report.ts"

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, rounds: { type: "string" } }
})

const rounds = values.rounds === undefined ? undefined : Number.parseInt(values.rounds, 10)

/** A program that tells its port or its address in its first line. */
const start = async (program: string) => {
  const server = spawn(process.execPath, ["--conditions=@effect-carto/source", join(import.meta.dirname, program)], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  const [told] = await once(server.stdout, "data")
  const line = String(told).trim()
  return { url: line.startsWith("http") ? line : `http://127.0.0.1:${line}`, stop: () => server.kill("SIGKILL") }
}

const versionOf = (name: string): string => {
  const path = createRequire(import.meta.url).resolve(`${name}/package.json`)
  const manifest: { readonly version: string } = JSON.parse(readFileSync(path, "utf8"))
  return manifest.version
}

const waiting = (loadavg()[0] ?? 0).toFixed(1)

const header = (): string => `# Measurements

Written by \`npm run bench\`. Every run is a fresh process beside a server in another one on the same machine; variants take
turns, and a ratio compares runs of the same round, so compare within a benchmark only. Memory is the peak of the resident
set. For transfers "raw" is undici and Node's streams in a process that has loaded the library too, and "raw, alone" in one
that has not: a larger heap makes collections dearer, whoever fills it.

node ${process.versions.node}, effect ${versionOf("effect")}, undici ${versionOf("undici")}; ${availableParallelism()} cores, ${cpus()[0]?.model ?? "of unknown make"}. Processes
that were waiting for a core when the last of them began (load average): ${waiting}. Above the number of cores, others were at work,
and what waits for answers suffers most; the time of the processor then says more than the ratio.

psql is left out of transfers: it needs a PostgreSQL server, and would measure that one.
`

const names = Object.keys(benchmarks)
const chosen = await Promise.all((positionals.length > 0 ? positionals : names).map(load))
const folder = await makeFolder()
const server = await start("server.ts")
const emulator = chosen.some((benchmark) => benchmark.server === "emulator") ? await start("emulator.ts") : undefined
const environmentOf = (benchmark: Benchmark): Environment => ({
  server: benchmark.server === "emulator" && emulator !== undefined ? emulator.url : server.url,
  folder,
  quick: values.quick
})

try {
  const findings: Array<Finding> = []
  for (const benchmark of chosen) {
    console.error(`${benchmark.name}: ${benchmark.title}`)
    const environment = environmentOf(benchmark)
    const finding = await measure(benchmark, environment, rounds)
    findings.push(finding)
    console.log([...goalRows(finding), ...variantRows(finding, environment), ""].join("\n"))
  }
  if (!values.quick) {
    const path = join(import.meta.dirname, "RESULTS.md")
    writeFileSync(path, merge(path, header(), names, findings, environmentOf))
  }
} finally {
  server.stop()
  emulator?.stop()
  await rm(folder, { recursive: true })
}
