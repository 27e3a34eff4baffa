/** What the benchmarks of streamed rows share. */
import type { Environment, Measured } from "./Benchmark.ts"

/** How many rows so many thousands are, in a quick run a tenth of them. */
export const thousands = ({ quick }: Environment, count: number): number => (quick ? count / 10 : count) * 1000

/** Rows through the library, decoded by schema. */
export const carto =
  (count: number, via: "copy" | "json") =>
  async (environment: Environment): Promise<Measured> => {
    const { streamRows } = await import("./carto.ts")
    return streamRows(environment, thousands(environment, count), via)
  }
