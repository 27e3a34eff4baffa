import { readFileSync } from "node:fs"
import { join } from "node:path"
import { crc32 } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import * as NodeHttp from "@effect-carto/node/NodeHttp"
import { Effect, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import * as Lent from "../../src/internal/lent.ts"
import { checksum, serve, serveTls } from "../TestServer.ts"

const fixtures = join(import.meta.dirname, "../fixtures")
const fixture = (name: string) => readFileSync(join(fixtures, name), "utf8")
const identity = { cert: fixture("server.pem"), key: fixture("server.key") }

/** Lends each length in turn, filled with bytes of its own, and writes the next ones over what came back. */
const reused = (lengths: ReadonlyArray<number>) => {
  const { lend, take } = Lent.lender(Math.max(...lengths))
  const memories = new Set<Uint8Array>()
  let crc = 0
  const next = (length: number, i: number) => {
    const memory = take()
    memories.add(memory)
    const piece = lend(memory.fill(i % 251), length)
    crc = crc32(piece, crc)
    return piece
  }
  return {
    bytes: Stream.fromIterable(lengths.entries()).pipe(
      Stream.rechunk(1),
      Stream.map(([i, length]) => next(length, i))
    ),
    memories,
    sent: () => ({ length: lengths.reduce((sum, length) => sum + length, 0), crc })
  }
}

const sizes = [1 << 16, 1 << 18, 1 << 20]
const bodies = [
  ...sizes.map((size) => ({
    what: `pieces of ${size}`,
    lengths: Array.from({ length: size === 1 << 20 ? 16 : 40 }, () => size)
  })),
  {
    what: "pieces of 1 byte to 512 kB",
    lengths: Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 1 << 19 : 100 * i + 1))
  }
]

const servers = [
  { who: "a fast server", start: serve(checksum()) },
  { who: "a slow server", start: serve(checksum(1)) },
  { who: "a server behind TLS", start: serveTls(identity, checksum(1)) }
]

it.layer(NodeHttp.layer({ proxy: "none", ca: join(fixtures, "authority.pem") }))("An upload of lent memory", (it) => {
  for (const { start, who } of servers) {
    for (const { lengths, what } of bodies) {
      for (const isChunked of [false, true]) {
        it.effect(`arrives as it was lent, ${what}, ${isChunked ? "chunked" : "of known length"}, at ${who}`, () =>
          Effect.gen(function* () {
            const { url } = yield* start
            const { bytes, memories, sent } = reused(lengths)
            const contentLength = isChunked ? undefined : sent().length
            const response = yield* HttpClientRequest.post(url).pipe(
              HttpClientRequest.bodyStream(bytes, { contentLength }),
              HttpClient.execute
            )
            assert.deepStrictEqual(yield* response.json, sent())
            assert.isBelow(memories.size, lengths.length / 2)
          })
        )
      }
    }
  }
})

describe("lender", () => {
  it("lends again only what was given back, and takes it once", () => {
    const { lend, take } = Lent.lender(4)
    const first = take()
    const piece = lend(first, 2)
    assert.strictEqual(piece.length, 2)
    assert.notStrictEqual(take(), first)
    Lent.giveBack(piece)
    Lent.giveBack(piece)
    Lent.giveBack(new Uint8Array(4))
    assert.strictEqual(take(), first)
    assert.notStrictEqual(take(), first)
  })
})
