/** Imports a file of so many megabytes, in a process of its own, and tells the most memory that it has taken: `URL KEY MEGABYTES`. */
import { NodeHttpClient } from "@effect/platform-node"
import { Carto, ImportSource, Imports } from "@effect-carto/core"
import { Effect, Layer, Redacted, Stream } from "effect"

const [url = "", key = "", megabytes = "1"] = process.argv.slice(2)

const encoder = new TextEncoder()
const header = encoder.encode("id,note,lat,lon\n")
/** Always the same bytes: what V8 lets lie around of a source's own buffers is not the client's doing. */
const piece = encoder.encode(`1,${"words that make a row long enough ".repeat(28)},40.5,-3.7\n`.repeat(64))
const pieces = Math.ceil((Number(megabytes) * 1e6) / piece.length)

let peak = 0
const bytes = Stream.range(1, pieces).pipe(
  Stream.rechunk(1),
  Stream.map(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
    return piece
  })
)
const source = ImportSource.bytes(`mb_${megabytes}.csv`, Stream.concat(Stream.make(header), bytes))

const program = Effect.gen(function* () {
  const { datasets } = yield* Effect.flatMap(Imports, ({ run }) => run(source))
  console.log(JSON.stringify({ dataset: datasets[0]?.name, rows: pieces * 64, peak }))
})

const layer = Carto.layer({ url, apiKey: Redacted.make(key) }).pipe(Layer.provide(NodeHttpClient.layerUndici))

await Effect.runPromise(Effect.provide(program, layer))
