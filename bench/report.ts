/** `RESULTS.md`: a line per goal and a line per variant. Lines of benchmarks that were not run now stay. */
import { existsSync, readFileSync } from "node:fs"
import type { Benchmark, Environment } from "./Benchmark.ts"
import type { Finding } from "./measure.ts"
import { median, megabytes, range } from "./statistics.ts"

const row = (...cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const today = (): string => new Date().toISOString().slice(0, 10)

export const goalRows = ({ benchmark, results, missing }: Finding): ReadonlyArray<string> =>
  benchmark.goals.map((goal) => {
    const verdict = goal.judge(results)
    const told =
      verdict === undefined
        ? [`not measured: ${[...missing.values()].join(", ")}`, "", ""]
        : [verdict.reached, verdict.spread, verdict.holds ? "yes" : "**no**"]
    return row(benchmark.name, goal.what, goal.mustReach, ...told, today())
  })

export const variantRows = (
  { benchmark, results, missing }: Finding,
  environment: Environment
): ReadonlyArray<string> => {
  const { count, unit } = benchmark.amount(environment)
  const perSecond = (seconds: number) => `${Math.round(count / seconds)} ${unit}/s`
  const duration = (seconds: number) => `${(seconds * 1000).toFixed(seconds < 0.01 ? 3 : 0)} ms`
  return [
    ...[...results].map(([name, { cpuSeconds, peaks, ratios, seconds }]) => {
      const isTimed = benchmark.variants[name]?.isTimed !== false
      const timed = isTimed
        ? [
            count === 1 ? duration(median(seconds)) : perSecond(median(seconds)),
            median(ratios).toFixed(2),
            range(ratios, (ratio) => ratio.toFixed(2)),
            cpuSeconds.length === 0 ? "" : `${median(cpuSeconds).toFixed(2)} s`
          ]
        : ["", "", "", ""]
      return row(benchmark.name, name, ...timed, megabytes(median(peaks)), String(seconds.length), today())
    }),
    ...[...missing].map(([name, why]) => row(benchmark.name, name, `left out: ${why}`, "", "", "", "", "", today()))
  ]
}

const kept = (text: string, heading: string, run: ReadonlySet<string>): ReadonlyArray<string> =>
  (text.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "")
    .split("\n")
    .filter(
      (line) =>
        line.startsWith("| ") && !/^\| (benchmark|---) /.test(line) && !run.has(line.split(" | ")[0]?.slice(2) ?? "")
    )

export const merge = (
  path: string,
  header: string,
  order: ReadonlyArray<string>,
  findings: ReadonlyArray<Finding>,
  environmentOf: (benchmark: Benchmark) => Environment
): string => {
  const before = existsSync(path) ? readFileSync(path, "utf8") : ""
  const run = new Set(findings.map(({ benchmark }) => benchmark.name))
  const place = (line: string) => order.indexOf(line.split(" | ")[0]?.slice(2) ?? "")
  const all = (heading: string, lines: ReadonlyArray<string>) =>
    [...kept(before, heading, run), ...lines].toSorted((a, b) => place(a) - place(b)).join("\n")
  return `${header}
## Goals

| benchmark | what | must reach | reached, median | from … to | holds | date |
| --- | --- | --- | --- | --- | --- | --- |
${all("Goals", findings.flatMap(goalRows))}

## All variants

| benchmark | variant | median | ratio to the first | from … to | processor | peak memory | rounds | date |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${all(
  "All variants",
  findings.flatMap((finding) => variantRows(finding, environmentOf(finding.benchmark)))
)}
`
}
