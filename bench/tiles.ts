/** The tiles of a map, 16 at a time: drawn by the emulator when they are asked for, or from memory, ready to be sent. */
import type { Benchmark, Environment } from "./Benchmark.ts"
import { speed } from "./goals.ts"
import * as MapAnswers from "./mapAnswers.ts"
import type { Fetched } from "./mapTiles.ts"
import * as Points from "./points.ts"
import * as Raw from "./raw.ts"

const zoomOf = ({ quick }: Environment): number => (quick ? 3 : 5)
const countOf = (environment: Environment): number => 4 ** zoomOf(environment)

/** Bytes of a point's columns and place, at least. */
const pointBytes = 8

const fetched = (environment: Environment, drawn: boolean): Fetched => ({
  zoom: zoomOf(environment),
  concurrency: 16,
  isRight: (bytes) =>
    drawn ? bytes > pointBytes * Points.countOf(environment) : bytes === countOf(environment) * MapAnswers.tile.length
})

const coordinates = (environment: Environment) => {
  const z = zoomOf(environment)
  return Array.from({ length: countOf(environment) }, (_, i) => ({ z, x: i >> z, y: i % 2 ** z }))
}

const variants = (drawn: boolean): Benchmark["variants"] => ({
  raw: {
    run: Raw.withLibrary(async (environment) =>
      Raw.tiles(
        environment,
        await Points.instantiate(environment),
        coordinates(environment),
        fetched(environment, drawn)
      )
    )
  },
  carto: {
    run: async (environment) => {
      const { byCalls } = await import("./mapTiles.ts")
      return byCalls(environment, fetched(environment, drawn), coordinates(environment))
    }
  },
  "carto, by area": {
    run: async (environment) => {
      const { byArea } = await import("./mapTiles.ts")
      return byArea(environment, fetched(environment, drawn))
    }
  }
})

const amount: Benchmark["amount"] = (environment) => ({ count: countOf(environment), unit: "tiles" })

export const benchmark: Benchmark = {
  name: "tiles",
  title: "1,024 vector tiles of 100,000 points, 16 at a time, drawn by the emulator",
  rounds: 5,
  server: "emulator",
  baseline: "raw",
  amount,
  prepare: Points.makeInEmulator,
  variants: variants(true),
  goals: [speed("carto", 0.9, "undici"), speed("carto, by area", 0.9, "undici")]
}

/** No goal: it shows the client's own share, which no map server leaves so large. */
export const ready: Benchmark = {
  name: "tilesReady",
  title: "1,024 vector tiles of 16 KiB, 16 at a time, sent from memory",
  rounds: 9,
  baseline: "raw",
  amount,
  variants: variants(false),
  goals: []
}
