/**
 * The thread that PGlite lives in. Only here may WebAssembly block: the main thread stays free to answer requests, to
 * cancel, and to throw the thread away.
 */
import { parentPort, workerData } from "node:worker_threads"
import { errorText } from "../postgres/errorText.ts"
import { sessionSettings } from "../sql/sessionSettings.ts"
import { cVariable, isCModule } from "./cModule.ts"
import { canRaise, cxxGuard } from "./cxxGuard.ts"
import type { FromWorker, Interrupts, ToWorker, WorkerOptions } from "./protocol.ts"
import * as Session from "./Session.ts"
import { shareMemory } from "./sharedMemory.ts"

const options: WorkerOptions = workerData
const post = (message: FromWorker, transfer: ReadonlyArray<ArrayBuffer> = []): void =>
  parentPort?.postMessage(message, transfer)

const fatal = (error: unknown): void => post({ _tag: "Fatal", reason: errorText(error) })

const serverSettings = {
  // The default of 128 MB would more than double what an idle emulator takes.
  shared_buffers: "64MB",
  // Thirty-two checkpoints in a bulk load are thirty too many.
  max_wal_size: "1GB"
}

const start = async (): Promise<void> => {
  shareMemory()
  const { PGlite } = await import("@electric-sql/pglite")
  const { postgis } = await import("./postgis.ts")
  const pglite = await PGlite.create(options.dataDir, {
    extensions: { cxxGuard, postgis: postgis(options.bundle) },
    startParams: [
      ...PGlite.defaultStartParams,
      ...Object.entries({ ...serverSettings, ...sessionSettings }).flatMap(([name, value]) => [
        "-c",
        `${name}=${value}`
      ])
    ]
  })
  const module: unknown = pglite.Module
  if (!isCModule(module) || !canRaise(module)) {
    throw new Error("this build of PGlite does not export what turns exceptions of GEOS into SQL errors")
  }
  const session = Session.make({ pglite, module, control: new Int32Array(options.control), post })

  parentPort?.on("message", (message: ToWorker) => {
    if (message._tag === "Run") return session.run(message)
    pglite.close().then(() => post({ _tag: "Closed" }), fatal)
  })
  const memory = module.wasmMemory.buffer
  const queryCancelPending = cVariable(module, "QueryCancelPending")
  const interruptPending = cVariable(module, "InterruptPending")
  const interrupts: Interrupts | undefined =
    memory instanceof SharedArrayBuffer && queryCancelPending !== undefined && interruptPending !== undefined
      ? { memory, queryCancelPending, interruptPending }
      : undefined
  post({ _tag: "Ready", interrupts })
}

process.on("uncaughtException", fatal)
start().catch(fatal)
