/**
 * The shortest query, many times over one connection: what a call costs beside one with undici alone. Once on the
 * emulator, which runs it; once on a server that answers from memory at once, which shows nothing but the client.
 */
import type { Benchmark, Environment } from "./Benchmark.ts"
import { latency } from "./goals.ts"
import * as Raw from "./raw.ts"

const calls = ({ quick }: Environment): number => (quick ? 200 : 4000)

const variants: Benchmark["variants"] = {
  raw: { run: (environment) => Raw.selectOne(environment, calls(environment)) },
  carto: {
    run: async (environment) => {
      const { selectOne } = await import("./carto.ts")
      return selectOne(environment, calls(environment))
    }
  }
}

export const benchmark: Benchmark = {
  name: "select1",
  title: "select 1 over keep-alive on the emulator, p50",
  rounds: 9,
  server: "emulator",
  baseline: "raw",
  amount: () => ({ count: 1, unit: "calls" }),
  variants,
  goals: [latency("carto", 1.3, "undici.request")]
}

/** No goal: effect's own client over undici alone takes 1.4 to 1.8 times as long as undici here. */
export const overhead: Benchmark = {
  name: "overhead",
  title: "a call whose answer is there at once, p50",
  rounds: 9,
  baseline: "raw",
  amount: () => ({ count: 1, unit: "calls" }),
  variants,
  goals: []
}
