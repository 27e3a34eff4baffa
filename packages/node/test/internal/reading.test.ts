import { once } from "node:events"
import { type AddressInfo, connect, createServer } from "node:net"
import { PassThrough, Readable } from "node:stream"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Schema, Stream } from "effect"
import { fromReadable, inOwnMemory } from "../../src/internal/reading.ts"

const text = (bytes: ReadonlyArray<Uint8Array>) => Buffer.concat(bytes).toString()
const failing = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

describe("fromReadable", () => {
  it.effect.prop("gives the bytes in order", { chunks: Schema.Array(Schema.NonEmptyString) }, ({ chunks }) =>
    Effect.gen(function* () {
      // Encoded one by one: halves of a surrogate pair in two chunks are not the character that they would be joined.
      const sent = chunks.map((chunk) => Buffer.from(chunk))
      const bytes = yield* Stream.runCollect(fromReadable(Readable.from(sent, { objectMode: false }), failing))
      assert.deepStrictEqual(Buffer.concat(bytes), Buffer.concat(sent))
    })
  )

  it.live("gives what came before a failure, then the failure", () =>
    Effect.gen(function* () {
      const readable = new PassThrough()
      readable.write("some")
      setImmediate(() => readable.destroy(new Error("reset")))
      const seen: Array<Uint8Array> = []
      const exit = yield* Effect.exit(
        Stream.runForEach(fromReadable(readable, failing), (bytes) => Effect.sync(() => seen.push(bytes)))
      )
      assert.deepStrictEqual(exit, Exit.fail("reset"))
      assert.strictEqual(text(seen), "some")
    })
  )

  it.live("a readable that closes before its end is a failure", () =>
    Effect.gen(function* () {
      const readable = new PassThrough()
      readable.write("some")
      setImmediate(() => readable.destroy())
      const exit = yield* Effect.exit(Stream.runDrain(fromReadable(readable, failing)))
      assert.deepStrictEqual(exit, Exit.fail("closed before its end"))
    })
  )

  it.live("one that is destroyed already is one, too", () =>
    Effect.gen(function* () {
      const readable = new PassThrough()
      readable.destroy()
      assert.isTrue(Exit.isFailure(yield* Effect.exit(Stream.runDrain(fromReadable(readable, failing)))))
    })
  )

  it.live("a reader that stops early destroys it", () =>
    Effect.gen(function* () {
      const readable = new PassThrough()
      readable.write("some")
      yield* fromReadable(readable, failing).pipe(Stream.take(1), Stream.runDrain)
      assert.isTrue(readable.destroyed)
    })
  )

  it.live("a slow reader holds it back", () =>
    Effect.gen(function* () {
      let made = 0
      const readable = new Readable({
        highWaterMark: 1 << 16,
        read() {
          made += 1 << 16
          this.push(made > 64 << 20 ? null : Buffer.alloc(1 << 16))
        }
      })
      let most = 0
      let read = 0
      yield* fromReadable(readable, failing).pipe(
        Stream.runForEachArray((chunks) =>
          Effect.sync(() => {
            for (const chunk of chunks) read += chunk.length
            most = Math.max(most, made - read)
          }).pipe(Effect.andThen(Effect.sleep("1 millis")))
        )
      )
      assert.strictEqual(read, 64 << 20)
      assert.isAtMost(most, 3 << 20)
    })
  )
})

describe("inOwnMemory", () => {
  const sent = Array.from({ length: 50 }, (_, i) => Buffer.alloc(1000 + i, i))

  /** Sends one piece after the other, each when the one before was read from the system. */
  const received = (read: (bytes: Readable) => Promise<ReadonlyArray<Buffer>>) =>
    Effect.promise(async () => {
      const server = createServer(async (socket) => {
        for (const piece of sent) {
          socket.write(piece)
          await new Promise((resume) => setTimeout(resume, 1))
        }
        socket.end()
      }).listen(0, "127.0.0.1")
      await once(server, "listening")
      const memories = new Set<ArrayBufferLike>()
      const { onread } = inOwnMemory()
      const socket = connect({
        port: (server.address() as AddressInfo).port,
        host: "127.0.0.1",
        onread: {
          ...onread,
          callback(length, memory) {
            memories.add(memory.buffer)
            return onread.callback.call(this, length, memory)
          }
        }
      })
      const bytes = await read(socket)
      server.close()
      return { bytes, memories: memories.size }
    })

  it.live("reads into the same memory while every piece is read at once", () =>
    Effect.gen(function* () {
      const { bytes, memories } = yield* received(async (socket) => {
        const copies: Array<Buffer> = []
        socket.on("data", (piece: Buffer) => copies.push(Buffer.from(piece)))
        await once(socket, "end")
        return copies
      })
      assert.deepStrictEqual(Buffer.concat(bytes), Buffer.concat(sent))
      assert.strictEqual(memories, 1)
    })
  )

  it.live("writes nothing over what waits to be read", () =>
    Effect.gen(function* () {
      const { bytes, memories } = yield* received(async (socket) => {
        await once(socket, "readable")
        await new Promise((resume) => setTimeout(resume, 20))
        return socket.toArray()
      })
      assert.deepStrictEqual(Buffer.concat(bytes), Buffer.concat(sent))
      assert.isAbove(memories, 1)
    })
  )
})
