import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { rows } from "../importing.ts"

const client = join(import.meta.dirname, "importClient.ts")

const imported = Effect.fnUntraced(function* (megabytes: number) {
  const { masterKey, url } = yield* Emulator
  const parameters = ["--conditions=@effect-carto/source", client, url, Redacted.value(masterKey), String(megabytes)]
  const { stdout } = yield* Effect.promise(() => promisify(execFile)(process.execPath, parameters))
  const told: { dataset: string; rows: number; peak: number } = JSON.parse(stdout)
  const [row] = yield* rows(`select count(*) as n from ${told.dataset}`)
  assert.strictEqual(Number(row?.n), told.rows)
  return told.peak
})

const layer = Emulator.layer().pipe(Layer.provideMerge(PgliteDatabase.layer()))

it.layer(layer, { timeout: "3 minutes", excludeTestServices: true })("The memory of an import", (it) => {
  // 500 MB take minutes in PGlite; that size is measured by the benchmark `importUpload`.
  it.effect(
    "does not grow with its file",
    () =>
      Effect.gen(function* () {
        const small = yield* imported(1)
        const before = process.memoryUsage.rss()
        const large = yield* imported(50)
        assert.isBelow(large - small, 25e6, "of the client")
        assert.isBelow(process.memoryUsage.rss() - before, 200e6, "of the server")
      }),
    180_000
  )
})
