/** Time that passed, and time that the process worked: the latter says more on a machine that others use too. */
import type { Measured } from "./Benchmark.ts"

export const stopwatch = async <A>(work: () => Promise<A>): Promise<Measured & { readonly result: A }> => {
  const start = performance.now()
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { result, seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 }
}
