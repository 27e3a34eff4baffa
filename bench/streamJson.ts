/** Rows as a stream where COPY cannot serve: from the JSON answer, with exact text in it. */
import type { Benchmark } from "./Benchmark.ts"
import { memoryLike, speed } from "./goals.ts"
import * as Raw from "./raw.ts"
import { carto, thousands } from "./rowStream.ts"

export const benchmark: Benchmark = {
  name: "streamJson",
  title: "1 M rows of 8 columns as JSON, as a typed stream",
  rounds: 5,
  baseline: "raw",
  amount: (environment) => ({ count: thousands(environment, 1000) / 1000, unit: "thousand rows" }),
  variants: {
    raw: { run: (environment) => Raw.parseWhole(environment, "rows", thousands(environment, 1000)) },
    carto: { run: carto(1000, "json") },
    "carto, 200 k rows": { isTimed: false, run: carto(200, "json") },
    "carto, 2 M rows": { isTimed: false, run: carto(2000, "json") }
  },
  goals: [speed("carto", 0.7, "JSON.parse of the whole body"), memoryLike("carto, 2 M rows", 20e6, "carto, 200 k rows")]
}
