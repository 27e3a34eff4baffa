/** Files to send: CSV such as people load, made once a run. */
import { createReadStream, existsSync } from "node:fs"
import { mkdtemp, open } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { crc32 } from "node:zlib"
import type { Environment } from "./Benchmark.ts"
import { csvOf, rowAt } from "./rows.ts"

/** A memory file system if there is one, so that no disk is measured. */
export const makeFolder = (): Promise<string> =>
  mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "carto-bench-"))

/** How many bytes a file of so many megabytes has. */
export const sizeOf = (environment: Environment, megabytes: number): number =>
  Math.ceil(environment.quick ? megabytes / 30 : megabytes) * 1_048_576

export const pathOf = (environment: Environment, megabytes: number): string =>
  join(environment.folder, `${megabytes}.csv`)

/** Well above gzip's window of 32 KB, so that the repetition does not make it compress better. */
const blockRows = 80_000

export const makeCsv = async (environment: Environment, megabytes: number): Promise<void> => {
  const block = Buffer.from(Array.from({ length: blockRows }, (_, index) => csvOf(rowAt(index))).join(""))
  const file = await open(pathOf(environment, megabytes), "w")
  for (let left = sizeOf(environment, megabytes); left > 0; left -= block.length) {
    await file.write(block, 0, Math.min(left, block.length))
  }
  await file.close()
}

export const crcOf = async (path: string): Promise<number> => {
  let crc = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) crc = crc32(chunk, crc)
  return crc
}
