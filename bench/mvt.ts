/**
 * One vector tile of all points: drawn by the emulator, whose database is WebAssembly and whose tiles are written by
 * itself, beside PostGIS's own `ST_AsMVT` in a PostgreSQL of this host. The tile of the latter is not even sent.
 */
import { request } from "undici"
import type { Benchmark, Environment, Measured } from "./Benchmark.ts"
import { latency } from "./goals.ts"
import * as Points from "./points.ts"
import * as Postgres from "./postgres.ts"
import { median } from "./statistics.ts"

/** What a first tile warms is not counted. */
const repeats = 6

const medianOfWarm = (times: ReadonlyArray<number>): Measured => {
  if (times.length !== repeats) throw new Error(`${times.length} tiles instead of ${repeats}`)
  return { seconds: median(times.slice(1)) }
}

// As the emulator's: 4096 units, and a buffer of 64 of 256 pixels.
const query = `select length(ST_AsMVT(tile, 'layer0', 4096, 'geom')) from (
  select ST_AsMVTGeom(the_geom_webmercator, ST_TileEnvelope(0, 0, 0), 4096, 1024) as geom,
    cartodb_id, name, population, height
  from points where the_geom_webmercator && ST_TileEnvelope(0, 0, 0, margin => 0.25)
) as tile`

const postgis = async (environment: Environment): Promise<Measured> =>
  medianOfWarm(await Postgres.time(environment, query, repeats))

const emulator = async (environment: Environment): Promise<Measured> => {
  const map = await Points.instantiate(environment)
  const times: Array<number> = []
  for (let i = 0; i < repeats; i++) {
    const start = performance.now()
    const { body, statusCode } = await request(`${environment.server}/user/alice/api/v1/map/${map}/0/0/0.mvt`)
    const { byteLength } = await body.arrayBuffer()
    if (statusCode !== 200 || byteLength < 10 * Points.countOf(environment)) {
      throw new Error(`status ${statusCode}, ${byteLength} bytes`)
    }
    times.push((performance.now() - start) / 1000)
  }
  return medianOfWarm(times)
}

export const benchmark: Benchmark = {
  name: "mvt",
  title: "a vector tile of 100,000 points with 4 columns",
  rounds: 7,
  server: "emulator",
  baseline: "PostGIS",
  amount: () => ({ count: 1, unit: "tiles" }),
  prepare: async (environment) => {
    if (Postgres.missing() !== undefined) return
    await Points.makeInEmulator(environment)
    await Postgres.prepare(environment, Points.makePoints(environment))
  },
  variants: {
    PostGIS: { missing: Postgres.missing, run: postgis },
    // Alone it says nothing.
    emulator: { missing: Postgres.missing, run: emulator }
  },
  goals: [latency("emulator", 1.5, "ST_AsMVT in PostgreSQL")]
}
