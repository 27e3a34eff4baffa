/** GDAL, where the optional package gdal3.js is installed. */
import { createRequire } from "node:module"
import { dirname, join, relative } from "node:path"
import { Worker } from "node:worker_threads"
import * as Effect from "effect/Effect"
import { ApiError, badRequest } from "../ApiError.ts"
import type { GdalFile, GdalTask } from "./gdalWorker.ts"

const workerUrl = new URL(import.meta.url.endsWith(".ts") ? "./gdalWorker.ts" : "./gdalWorker.js", import.meta.url)

const missing = new ApiError({
  status: 501,
  message: "This format is not implemented by the local emulator without GDAL: npm install gdal3.js"
})

/** Where GDAL's WebAssembly module is, relative to the working directory as gdal3.js wants it. Fails with 501. */
export const findGdal = Effect.try({
  try: () => {
    const entry = createRequire(import.meta.url).resolve("gdal3.js/package.json")
    return relative(process.cwd(), join(dirname(entry), "dist", "package"))
  },
  catch: () => missing
})

/** Converts a file. Fails with 501 where GDAL is not installed, and with GDAL's own words. */
export const convert = Effect.fnUntraced(function* (task: Omit<GdalTask, "folder">) {
  const folder = yield* findGdal
  return yield* Effect.callback<ReadonlyArray<GdalFile>, ApiError>((resume) => {
    const worker = new Worker(workerUrl, { workerData: { ...task, folder }, execArgv: [] })
    worker.once("message", (files) => resume(Effect.succeed(files)))
    worker.once("error", (error) => resume(Effect.fail(badRequest(String(error)))))
    return Effect.promise(() => worker.terminate())
  })
})
