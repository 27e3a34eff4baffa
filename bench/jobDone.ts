/** A job that takes 10 ms on the server: when does one know that it is done? */
import type { Benchmark } from "./Benchmark.ts"
import { within } from "./goals.ts"
import * as Raw from "./raw.ts"

export const benchmark: Benchmark = {
  name: "jobDone",
  title: "from the order of a job of 10 ms to the knowledge of its end",
  rounds: 3,
  baseline: "as carto-python polls",
  amount: () => ({ count: 1, unit: "jobs" }),
  variants: {
    "as carto-python polls": { run: Raw.untilDone },
    carto: {
      run: async (environment) => {
        const { untilDone } = await import("./jobs.ts")
        return untilDone(environment, environment.quick ? 3 : 15)
      }
    }
  },
  goals: [within("carto", 300)]
}
