/** Imports as the library's users run them. Loaded by the variants that need it, and by no other. */
import { Imports } from "@effect-carto/core/Imports"
import * as NodeCarto from "@effect-carto/node/NodeCarto"
import * as NodeImport from "@effect-carto/node/NodeImport"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type * as Redacted from "effect/Redacted"
import type { Environment, Measured } from "./Benchmark.ts"
import { stopwatch } from "./stopwatch.ts"

export const importFile = async (
  { server }: Environment,
  path: string,
  apiKey?: Redacted.Redacted
): Promise<Measured> => {
  const runtime = ManagedRuntime.make(NodeCarto.layer({ url: `${server}/user/alice`, apiKey, proxy: "none" }))
  const imports = await runtime.runPromise(Imports)
  const { result, ...measured } = await stopwatch(() => runtime.runPromise(imports.run(NodeImport.file(path))))
  await runtime.dispose()
  if (result.datasets.length !== 1) throw new Error(`${result.datasets.length} datasets were made`)
  return measured
}
