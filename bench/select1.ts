/** The shortest query, many times over one connection: what the library adds to each call. */
import type { Benchmark, Environment } from "./Benchmark.ts"
import { latency } from "./goals.ts"
import * as Raw from "./raw.ts"

const calls = ({ quick }: Environment): number => (quick ? 200 : 4000)

export const benchmark: Benchmark = {
  name: "select1",
  title: "select 1 over keep-alive, p50",
  rounds: 9,
  baseline: "raw",
  amount: () => ({ count: 1, unit: "calls" }),
  variants: {
    raw: { run: (environment) => Raw.selectOne(environment, calls(environment)) },
    carto: {
      run: async (environment) => {
        const { selectOne } = await import("./carto.ts")
        return selectOne(environment, calls(environment))
      }
    }
  },
  goals: [latency("carto", 1.3, "undici.request")]
}
