/** Whether the server got what a file holds. */
import type { Environment, Measured } from "./Benchmark.ts"
import { crcOf } from "./files.ts"
import type { Received } from "./server.ts"

const last = async ({ server }: Environment): Promise<Received> => {
  const response = await fetch(`${server}/received`)
  return JSON.parse(await response.text())
}

/** What the server got by a piece of work, and in how many uploads. */
export const receivedBy = async (environment: Environment, work: () => Promise<Measured>) => {
  const before = await last(environment)
  const measured = await work()
  const received = await last(environment)
  return { measured, received, uploads: received.uploads - before.uploads }
}

/** Fails unless the last upload was the file, byte by byte. */
export const checked = async (environment: Environment, path: string, upload: Promise<Measured>): Promise<Measured> => {
  const measured = await upload
  const received = await last(environment)
  const crc = await crcOf(path)
  if (received.crc !== crc) throw new Error(`the server received ${received.bytes} bytes with another CRC than ${path}`)
  return measured
}
