/** Rows of a query as a stream, decoded by a schema, through COPY binary. */
import type { Benchmark } from "./Benchmark.ts"
import { memory, speed } from "./goals.ts"
import * as Raw from "./raw.ts"
import { carto, thousands } from "./rowStream.ts"

export const benchmark: Benchmark = {
  name: "typedRows",
  title: "1 M rows of 8 columns of mixed types, as a typed stream",
  rounds: 5,
  baseline: "raw",
  amount: (environment) => ({ count: thousands(environment, 1000) / 1000, unit: "thousand rows" }),
  variants: {
    raw: { run: (environment) => Raw.parseWhole(environment, "rows", thousands(environment, 1000)) },
    carto: { run: carto(1000, "copy") },
    "carto, without schema": {
      run: async (environment) => {
        const { streamUntyped } = await import("./carto.ts")
        return streamUntyped(environment, thousands(environment, 1000))
      }
    },
    "carto, 200 k rows": { isTimed: false, run: carto(200, "copy") },
    "carto, 3 M rows": { isTimed: false, run: carto(3000, "copy") }
  },
  goals: [
    speed("carto", 1.5, "JSON.parse of the whole body"),
    memory("carto", 220e6),
    memory("carto, 200 k rows", 220e6),
    memory("carto, 3 M rows", 220e6)
  ]
}
