/** Rows as a stream where COPY cannot serve: from the JSON answer, with exact text in it. */
import type { Benchmark, Environment } from "./Benchmark.ts"
import { memoryLike, speed } from "./goals.ts"
import * as Raw from "./raw.ts"

const thousands = ({ quick }: Environment, count: number): number => (quick ? count / 10 : count) * 1000

const carto = (count: number) => async (environment: Environment) => {
  const { streamRows } = await import("./carto.ts")
  return streamRows(environment, thousands(environment, count), "json")
}

export const benchmark: Benchmark = {
  name: "streamJson",
  title: "1 M rows of 8 columns as JSON, as a typed stream",
  rounds: 5,
  baseline: "raw",
  amount: (environment) => ({ count: thousands(environment, 1000) / 1000, unit: "thousand rows" }),
  variants: {
    raw: { run: (environment) => Raw.parseWhole(environment, "rows", thousands(environment, 1000)) },
    carto: { run: carto(1000) },
    "carto, 200 k rows": { isTimed: false, run: carto(200) },
    "carto, 2 M rows": { isTimed: false, run: carto(2000) }
  },
  goals: [speed("carto", 0.7, "JSON.parse of the whole body"), memoryLike("carto, 2 M rows", 20e6, "carto, 200 k rows")]
}
