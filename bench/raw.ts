/** The same work with Node and undici alone: what to be measured by. */
import { createReadStream, createWriteStream } from "node:fs"
import type { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { setTimeout } from "node:timers/promises"
import { createGzip } from "node:zlib"
import { request } from "undici"
import type { Environment, Measured } from "./Benchmark.ts"
import { quantile } from "./statistics.ts"
import { stopwatch } from "./stopwatch.ts"

const timed = async (work: () => Promise<unknown>): Promise<Measured> => {
  const { result: _, ...measured } = await stopwatch(work)
  return measured
}

const api = ({ server }: Environment, path = ""): string => `${server}/user/alice/api/v2/sql${path}`

const send = async (environment: Environment, body: Readable, headers: Record<string, string>) => {
  const query = new URLSearchParams({ q: "COPY sink FROM STDIN" })
  const response = await request(`${api(environment, "/copyfrom")}?${query}`, { method: "POST", body, headers })
  return response.body.json()
}

/**
 * In a process that has loaded the library and effect too, as a program that uses them has: a larger heap makes every
 * collection dearer, whoever fills it. Compared with it is what the library does, not that it is there.
 */
export const withLibrary =
  (work: (environment: Environment) => Promise<Measured>) =>
  async (environment: Environment): Promise<Measured> => {
    await import("./carto.ts")
    return work(environment)
  }

/** `chunk` in bytes; without it Node's default of 64 KiB. */
export const upload = (environment: Environment, path: string, chunk?: number) =>
  timed(() => send(environment, createReadStream(path, { highWaterMark: chunk }), {}))

export const uploadGzip = (environment: Environment, path: string) =>
  timed(async () => {
    const gzip = createGzip({ level: 1 })
    const reading = pipeline(createReadStream(path), gzip)
    await Promise.all([reading, send(environment, gzip, { "content-encoding": "gzip" })])
  })

const post = (environment: Environment, path: string, statement: string) =>
  request(api(environment, path), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ q: statement })
  })

export const download = (environment: Environment, path: string, size: number) =>
  timed(async () => {
    const { body } = await post(environment, "/copyto", `COPY bytes_${size} TO STDOUT`)
    await pipeline(body, createWriteStream(path))
  })

const checkRows = (text: string, rows: number): void => {
  const json: { readonly rows: ReadonlyArray<unknown> } = JSON.parse(text)
  if (json.rows.length !== rows) throw new Error(`${json.rows.length} rows instead of ${rows}`)
}

export const parseWhole = (environment: Environment, table: string, rows: number) =>
  timed(async () => {
    const { body } = await post(environment, "", `select * from ${table}_${rows}`)
    checkRows(await body.text(), rows)
  })

export const fetchAndParse = (environment: Environment, table: string, rows: number) =>
  timed(async () => {
    const response = await fetch(`${api(environment)}?${new URLSearchParams({ q: `select * from ${table}_${rows}` })}`)
    checkRows(await response.text(), rows)
  })

/** The median of many calls, in seconds. */
export const selectOne = async (environment: Environment, calls: number): Promise<Measured> => {
  const times: Array<number> = []
  for (let i = 0; i < calls; i++) {
    const start = performance.now()
    const { body } = await post(environment, "", "select 1")
    await body.json()
    times.push(performance.now() - start)
  }
  return { seconds: quantile(times.slice(calls / 4), 0.5) / 1000 }
}

/** The file of an import as the request's body, without a form around it. */
export const importFile = (environment: Environment, path: string) =>
  timed(async () => {
    const { body } = await request(`${environment.server}/user/alice/api/v1/imports?filename=cities.csv`, {
      method: "POST",
      body: createReadStream(path)
    })
    await body.json()
  })

/** As carto-python does it: a pause of two seconds before each look at the job. */
export const untilDone = (environment: Environment) =>
  timed(async () => {
    const { body } = await post(environment, "/job", "select 1")
    let job = jobIn(await body.json())
    while (job.status !== "done") {
      await setTimeout(2000)
      const read = await request(api(environment, `/job/${job.job_id}`))
      job = jobIn(await read.body.json())
    }
  })

const jobIn = (json: unknown) => json as { readonly job_id: string; readonly status: string }

/** As many workers as tiles are fetched at once, each with the next tile as soon as it has one. */
export const tiles = (
  { server }: Environment,
  map: string,
  coordinates: ReadonlyArray<{ readonly z: number; readonly x: number; readonly y: number }>,
  expected: { readonly concurrency: number; readonly isRight: (bytes: number) => boolean }
) =>
  timed(async () => {
    const all = coordinates.values()
    let bytes = 0
    const worker = async () => {
      for (const { x, y, z } of all) {
        const { body } = await request(`${server}/user/alice/api/v1/map/${map}/${z}/${x}/${y}.mvt`)
        bytes += (await body.arrayBuffer()).byteLength
      }
    }
    await Promise.all(Array.from({ length: expected.concurrency }, worker))
    if (!expected.isRight(bytes)) throw new Error(`${bytes} bytes are not the tiles of this map`)
  })
