/** Runs the variants of a benchmark in turn, each time in a fresh process. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import type { Benchmark, Environment, Results } from "./Benchmark.ts"

export interface Finding {
  readonly benchmark: Benchmark
  readonly results: ReadonlyMap<string, Results>
  /** Variants that could not run, and why. */
  readonly missing: ReadonlyMap<string, string>
}

interface Run {
  readonly seconds: number
  readonly cpuSeconds?: number
  readonly peakMemory: number
}

const run = promisify(execFile)

const child = async (benchmark: Benchmark, variant: string, environment: Environment): Promise<Run> => {
  const { stdout } = await run(process.execPath, [
    "--conditions=@effect-carto/source",
    `${import.meta.dirname}/child.ts`,
    benchmark.name,
    variant,
    JSON.stringify(environment)
  ])
  return JSON.parse(stdout)
}

export const measure = async (
  benchmark: Benchmark,
  environment: Environment,
  rounds = benchmark.rounds
): Promise<Finding> => {
  await benchmark.prepare?.(environment)
  const missing = new Map<string, string>()
  const names = Object.entries(benchmark.variants).flatMap(([name, variant]) => {
    const why = variant.missing?.()
    if (why !== undefined) missing.set(name, why)
    return why === undefined ? [name] : []
  })
  const runs = new Map<string, Array<Run>>(names.map((name) => [name, []]))

  // What the server makes on first demand is no variant's business.
  for (const name of names) if (benchmark.variants[name]?.isTimed !== false) await child(benchmark, name, environment)

  for (let round = 0; round < (environment.quick ? 1 : rounds); round++) {
    // Every other round backwards, so that nobody is always first.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      runs.get(name)?.push(await child(benchmark, name, environment))
      process.stderr.write(".")
    }
  }
  process.stderr.write("\n")

  const base = runs.get(benchmark.baseline) ?? []
  const results = new Map(
    [...runs].map(([name, measured]) => [
      name,
      {
        seconds: measured.map(({ seconds }) => seconds),
        ratios: measured.map(({ seconds }, round) => (base[round]?.seconds ?? Number.NaN) / seconds),
        cpuSeconds: measured.flatMap(({ cpuSeconds }) => (cpuSeconds === undefined ? [] : [cpuSeconds])),
        peaks: measured.map(({ peakMemory }) => peakMemory)
      }
    ])
  )
  return { benchmark, results, missing }
}
