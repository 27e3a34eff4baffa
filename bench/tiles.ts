/** The tiles of a map, 16 at a time: drawn when they are asked for, as on a real server, or ready to be sent. */
import type { Benchmark, Environment } from "./Benchmark.ts"
import { speed } from "./goals.ts"
import * as MapAnswers from "./mapAnswers.ts"
import type { Fetched } from "./mapTiles.ts"
import * as Raw from "./raw.ts"

const zoomOf = ({ quick }: Environment): number => (quick ? 3 : 5)
const countOf = (environment: Environment): number => 4 ** zoomOf(environment)

const fetched = (environment: Environment, drawn: boolean): Fetched => ({
  zoom: zoomOf(environment),
  concurrency: 16,
  drawn,
  bytes: countOf(environment) * MapAnswers.tile.length
})

const coordinates = (environment: Environment) => {
  const z = zoomOf(environment)
  return Array.from({ length: countOf(environment) }, (_, i) => ({ z, x: i >> z, y: i % 2 ** z }))
}

const variants = (drawn: boolean): Benchmark["variants"] => ({
  raw: {
    run: Raw.withLibrary((environment) =>
      Raw.tiles(
        environment,
        drawn ? MapAnswers.drawn : MapAnswers.ready,
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
  title: `1,024 vector tiles of 16 KiB, 16 at a time, each drawn in ${MapAnswers.drawingTime} ms`,
  rounds: 9,
  baseline: "raw",
  amount,
  variants: variants(true),
  goals: [speed("carto", 0.9, "undici"), speed("carto, by area", 0.9, "undici")]
}

/** Nothing but the client's own work. */
export const ready: Benchmark = {
  name: "tilesReady",
  title: "1,024 vector tiles of 16 KiB, 16 at a time, sent from memory",
  rounds: 9,
  baseline: "raw",
  amount,
  variants: variants(false),
  goals: []
}
