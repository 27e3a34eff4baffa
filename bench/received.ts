/** Whether the server got what a file holds. */
import type { Environment, Measured } from "./Benchmark.ts"
import { crcOf } from "./files.ts"
import type { Received } from "./server.ts"

/** Fails unless the last upload was the file, byte by byte. */
export const checked = async (environment: Environment, path: string, upload: Promise<Measured>): Promise<Measured> => {
  const measured = await upload
  const response = await fetch(`${environment.server}/received`)
  const received: Received = JSON.parse(await response.text())
  const crc = await crcOf(path)
  if (received.crc !== crc) throw new Error(`the server received ${received.bytes} bytes with another CRC than ${path}`)
  return measured
}
