/** Rows of a query at once, from the JSON answer, decoded by type and schema. */
import type { Benchmark, Environment } from "./Benchmark.ts"
import { speed } from "./goals.ts"
import * as Raw from "./raw.ts"

const rows = ({ quick }: Environment): number => (quick ? 10_000 : 100_000)

const carto =
  (exact: boolean): Benchmark["variants"][string]["run"] =>
  async (environment) => {
    const { queryMixed } = await import("./carto.ts")
    return queryMixed(environment, rows(environment), exact)
  }

export const benchmark: Benchmark = {
  name: "queryJson",
  title: "query of 100 k rows as JSON, decoded by schema",
  rounds: 9,
  baseline: "raw",
  amount: (environment) => ({ count: rows(environment) / 1000, unit: "thousand rows" }),
  variants: {
    raw: { run: (environment) => Raw.fetchAndParse(environment, "plain", rows(environment)) },
    carto: {
      run: async (environment) => {
        const { queryPlain } = await import("./carto.ts")
        return queryPlain(environment, rows(environment))
      }
    },
    "raw, int8 and timestamptz": { run: (environment) => Raw.fetchAndParse(environment, "rows", rows(environment)) },
    "carto, int8 and timestamptz, as rounded": { run: carto(false) },
    "carto, int8 and timestamptz, read twice": { run: carto(true) }
  },
  goals: [speed("carto", 0.85, "fetch and JSON.parse")]
}
