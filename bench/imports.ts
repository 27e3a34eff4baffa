/** Imports as the library's users run them. Loaded by the variants that need it, and by no other. */
import { basename } from "node:path"
import * as ImportSource from "@effect-carto/core/ImportSource"
import { Imports } from "@effect-carto/core/Imports"
import * as NodeCarto from "@effect-carto/node/NodeCarto"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as Effect from "effect/Effect"
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
  const program = Effect.flatMap(NodeFile.inspect(path), ({ size }) =>
    imports.run(ImportSource.bytes(basename(path), NodeFile.read(path), { size }))
  )
  const { result, ...measured } = await stopwatch(() => runtime.runPromise(program))
  await runtime.dispose()
  if (result.datasets.length !== 1) throw new Error(`${result.datasets.length} datasets were made`)
  return measured
}
