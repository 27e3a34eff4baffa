/** The one PostgreSQL session of a worker: runs jobs, each under its role, and leaves nothing of one to the next. */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads"
import type { PGlite } from "@electric-sql/pglite"
import * as BackendDecoder from "../postgres/BackendDecoder.ts"
import { errorText } from "../postgres/errorText.ts"
import { copyDone, copyFail, query } from "../postgres/frontend.ts"
import { type CModule, cFunction, cVariable } from "./cModule.ts"
import * as Output from "./Output.ts"
import { Control, type FromWorker, type Job, type JobError } from "./protocol.ts"
import { pullMessage } from "./pullMessage.ts"

export interface Session {
  readonly run: (job: Job) => void
}

/** The bootstrap superuser of every cluster. */
const superuser = 10

/** SECURITY_LOCAL_USERID_CHANGE: PostgreSQL refuses SET ROLE and SET SESSION AUTHORIZATION, as in SECURITY DEFINER. */
const localUserIdChange = 1

export const make = (options: {
  readonly pglite: PGlite
  readonly module: CModule
  readonly control: Int32Array
  readonly post: (message: FromWorker, transfer?: ReadonlyArray<ArrayBuffer>) => void
}): Session => {
  const { control, module, pglite, post } = options
  const setUser = cFunction(module, "SetUserIdAndSecContext")
  const pendingFlags = [cVariable(module, "QueryCancelPending"), cVariable(module, "InterruptPending")]
  const inTransactionBlock = () => pglite.Module._IsTransactionBlock() !== 0
  let broken: string | undefined
  let reading = false

  const breakDown = (error: unknown): void => {
    broken ??= errorText(error)
  }

  // PGlite swallows every exception of the main loop. PostgreSQL's own way out is the string "unwind"; after any other,
  // such as an overflow of the JavaScript stack, all further queries would answer nothing at all.
  const mainLoopOnce = pglite.Module._PostgresMainLoopOnce
  pglite.Module._PostgresMainLoopOnce = () => {
    const stackTop = module.___stack_pointer.value
    reading = true
    try {
      mainLoopOnce()
    } catch (error) {
      if (error !== "unwind") breakDown(error)
      throw error
    } finally {
      reading = false
      // An SQL error leaves the loop without giving its stack back: two thousand of them, or one deep recursion, and
      // every further statement would fail with "stack depth limit exceeded".
      module.___stack_pointer.value = stackTop
    }
  }

  const execute = (message: Uint8Array, onRawData: (bytes: Uint8Array) => void): void => {
    // Runs to its end before it returns, in spite of the promise.
    pglite.execProtocolRawStream(message, { onRawData, syncToFs: false }).catch(breakDown)
  }

  /** Forgets a cancel request that came too late for the statement it was meant for. */
  const clearInterrupts = (): void => {
    for (const address of pendingFlags) if (address !== undefined) module.HEAPU8[address] = 0
  }

  /** Runs our own statement as the superuser. */
  const internal = (sql: string): ReadonlyArray<ReadonlyArray<string | null>> => {
    for (;;) {
      clearInterrupts()
      const decoder = BackendDecoder.make()
      const rows: Array<ReadonlyArray<string | null>> = []
      execute(query(sql), (bytes) => {
        for (const message of decoder.decode(Buffer.from(bytes)))
          if (message._tag === "DataRow") rows.push(message.cells)
      })
      const error = decoder.error()
      if (error === undefined || broken !== undefined) return rows
      if (error.code !== queryCanceled) breakDown(new Error(`${sql}: ${error.message}`))
    }
  }

  /** Takes a role on in a way that SQL cannot undo, or tells why not. */
  const assume = (role: string): JobError | undefined => {
    if (setUser === undefined) {
      return { code: featureNotSupported, message: "this build of PGlite cannot run a statement under a role" }
    }
    const oid = internal(`select oid from pg_catalog.pg_roles where rolname = ${literal(role)}`)[0]?.[0]
    if (typeof oid !== "string") return { code: undefinedObject, message: `role "${role}" does not exist` }
    setUser(Number(oid), localUserIdChange)
    return undefined
  }

  const runStatement = (job: Job, output: Output.Output): JobError | undefined => {
    const isCancelled = () => Atomics.load(control, Control.cancelled) === job.id
    clearInterrupts()
    if (isCancelled()) return { code: queryCanceled, message: "canceling statement due to user request" }
    const input = nextInput(job.input, control, isCancelled, () => {
      output.flush()
      post({ _tag: "InputTaken" })
    })
    execute(
      pullMessage(query(job.sql), input, () => reading),
      output.write
    )
    while (broken === undefined && inTransactionBlock()) execute(query("rollback"), () => {})
    return undefined
  }

  const run = (job: Job): void => {
    const output = Output.make(job.id, control, post)
    if (job.searchPath !== undefined) internal(`set search_path = ${job.searchPath}`)
    const error = (job.role === undefined ? undefined : assume(job.role)) ?? runStatement(job, output)
    setUser?.(superuser, 0)
    output.flush()
    job.input?.close()
    if (broken === undefined) post({ _tag: "End", error })
    // After the answer, so that nobody waits for it.
    if (broken === undefined) internal("discard all")
    if (broken !== undefined) post({ _tag: "Fatal", reason: broken })
  }

  return { run }
}

const queryCanceled = "57014"
const undefinedObject = "42704"
const featureNotSupported = "0A000"

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The pieces of COPY FROM STDIN, already framed; blocks the thread until there is one. */
const nextInput = (
  port: MessagePort | undefined,
  control: Int32Array,
  isCancelled: () => boolean,
  onTaken: () => void
): (() => Buffer) => {
  let ended = false
  return () => {
    if (port === undefined) return copyFail("No source stream defined")
    if (ended) return copyDone()
    for (;;) {
      if (isCancelled()) return copyFail("canceled")
      const seen = Atomics.load(control, Control.input)
      const received: { readonly message: Uint8Array<ArrayBuffer> } | undefined = receiveMessageOnPort(port)
      if (received !== undefined) {
        const { buffer, byteLength, byteOffset } = received.message
        const message = Buffer.from(buffer, byteOffset, byteLength)
        ended = message[0] !== copyDataType
        onTaken()
        return message
      }
      Atomics.wait(control, Control.input, seen)
    }
  }
}

const copyDataType = 0x64
