/** What the main thread and the worker that runs PGlite say to each other. */
import type { MessagePort } from "node:worker_threads"

export interface WorkerOptions {
  /** The PostgreSQL data folder. PGlite creates the cluster when it is empty. */
  readonly dataDir: string
  /** Our own PostGIS bundle, a tar.gz. */
  readonly bundle: string
  /** Memory of the `Control` words. */
  readonly control: SharedArrayBuffer
}

/** Words of shared memory; both threads see a change at once, even while the worker is inside a statement. */
export const Control = {
  /** The id of the job that shall end now. */
  cancelled: 0,
  /** Bytes of output that the main thread has not consumed yet. */
  unread: 1,
  /** Counts pieces of COPY input, so that the worker can sleep until the next. */
  input: 2,
  length: 3
} as const

/** The worker stops the statement while more output than this waits for the main thread. */
export const outputWindow = 4 * 1024 * 1024

/** Pieces of COPY input on their way to the worker. */
export const inputWindow = 8

export interface Job {
  readonly id: number
  readonly sql: string
  readonly role: string | undefined
  /** The search path of this job alone. */
  readonly searchPath: string | undefined
  /** Delivers COPY FROM STDIN as framed CopyData, CopyDone and CopyFail messages. */
  readonly input: MessagePort | undefined
}

/** Why a job was not run. */
export interface JobError {
  readonly code: string
  readonly message: string
}

export type ToWorker = ({ readonly _tag: "Run" } & Job) | { readonly _tag: "Close" }

export type FromWorker =
  | {
      readonly _tag: "Ready"
      /** Where a cancel request is stored; absent when this build of PGlite does not show its variables. */
      readonly interrupts: Interrupts | undefined
    }
  | { readonly _tag: "Output"; readonly bytes: ArrayBuffer }
  /** One piece of COPY input was taken. */
  | { readonly _tag: "InputTaken" }
  | { readonly _tag: "End"; readonly error: JobError | undefined }
  | { readonly _tag: "Closed" }
  /** PGlite broke: its answers cannot be trusted any more. */
  | { readonly _tag: "Fatal"; readonly reason: string }

export interface Interrupts {
  readonly memory: SharedArrayBuffer
  readonly queryCancelPending: number
  readonly interruptPending: number
}
