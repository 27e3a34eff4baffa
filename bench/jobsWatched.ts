/** Many jobs watched at once: what the waiting costs. The clock is virtual, so that only work takes time. */
import type { Benchmark } from "./Benchmark.ts"
import { processor } from "./goals.ts"

export const benchmark: Benchmark = {
  name: "jobsWatched",
  title: "1,000 jobs watched at once, by the minute, answered from memory",
  rounds: 3,
  baseline: "carto",
  amount: () => ({ count: 1, unit: "minutes" }),
  variants: {
    carto: {
      run: async ({ quick }) => {
        const { watchMany } = await import("./jobs.ts")
        return watchMany(1000, quick ? 1 : 10)
      }
    }
  },
  goals: [processor("carto", 1, "minute")]
}
