/** The layers of a file that only GDAL understands. */
import { Worker } from "node:worker_threads"
import * as Effect from "effect/Effect"
import { findGdal } from "../../formats/gdal.ts"
import { failure, type ImportFailure } from "../failures.ts"
import type { LayerFile, ReaderTask } from "./readerWorker.ts"

const workerUrl = new URL(import.meta.url.endsWith(".ts") ? "./readerWorker.ts" : "./readerWorker.js", import.meta.url)

/** Fails with code 1 where GDAL is not installed, and with `code` for what it cannot read. */
export const readLayers = Effect.fnUntraced(function* (task: Omit<ReaderTask, "folder">, code: number) {
  const folder = yield* Effect.mapError(findGdal, () => failure(1))
  return yield* Effect.callback<ReadonlyArray<LayerFile>, ImportFailure>((resume) => {
    const worker = new Worker(workerUrl, { workerData: { ...task, folder }, execArgv: [] })
    worker.once("message", (layers) => resume(Effect.succeed(layers)))
    worker.once("error", () => resume(Effect.fail(failure(code))))
    return Effect.promise(() => worker.terminate())
  })
})
