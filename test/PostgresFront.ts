/** PostgreSQL's own protocol in front of an emulator's database, for clients that speak nothing else. */
import { createServer, type Socket } from "node:net"
import { PassThrough } from "node:stream"
import { NodeStream } from "@effect/platform-node"
import { Database, type DatabaseError } from "@effect-carto/emulator"
import type { Message } from "@effect-carto/emulator/Database"
import { Effect, Stream } from "effect"

const int16 = (value: number) => {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const text = (value: string) => Buffer.from(`${value}\0`)

const message = (type: string, ...parts: ReadonlyArray<Uint8Array>) => {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(4 + body.length), body])
}

const ready = message("Z", Buffer.from("I"))
/** No password is asked for. */
const welcome = Buffer.concat([message("R", int32(0)), message("S", text("client_encoding"), text("UTF8")), ready])
const copyIn = message("G", Buffer.of(0), int16(0))

const failure = ({ code, message: said }: DatabaseError) =>
  message("E", text("SERROR"), text(`C${code}`), text(`M${said}`), Buffer.of(0))

const encode = (said: Message): Uint8Array => {
  switch (said._tag) {
    case "RowDescription":
      return message(
        "T",
        int16(said.fields.length),
        ...said.fields.flatMap(({ name, typeModifier, typeOid }) => [
          text(name),
          int32(0),
          int16(0),
          int32(typeOid),
          int16(-1),
          int32(typeModifier),
          int16(0)
        ])
      )
    case "DataRow":
      return message(
        "D",
        int16(said.cells.length),
        ...said.cells.flatMap((cell) => {
          const bytes = Buffer.from(cell ?? "")
          return cell === null ? [int32(-1)] : [int32(bytes.length), bytes]
        })
      )
    case "CommandComplete":
      return message("C", text(said.tag))
    default:
      return Buffer.alloc(0)
  }
}

const converse = (database: Database["Service"], socket: Socket) => {
  let held = Buffer.alloc(0)
  let isWelcome = false
  let input = new PassThrough()

  const query = (sql: string) => {
    input = new PassThrough()
    const data = input
    if (/\bfrom stdin\b/i.test(sql)) socket.write(copyIn)
    const rows = NodeStream.fromReadable<Uint8Array, unknown>({ evaluate: () => data, onError: (error) => error })
    Effect.runFork(
      database.run(sql, { input: rows }).pipe(
        Stream.runForEach((said) => Effect.sync(() => socket.write(encode(said)))),
        Effect.catch((error) => Effect.sync(() => socket.write(failure(error)))),
        Effect.andThen(Effect.sync(() => socket.write(ready)))
      )
    )
  }

  const handle = (type: string, body: Buffer) => {
    if (type === "Q") query(body.toString("utf8", 0, body.length - 1))
    else if (type === "d") input.write(body)
    else if (type === "c") input.end()
    else if (type === "f") input.destroy(new Error(body.toString("utf8", 0, body.length - 1)))
    else if (type === "X") socket.end()
  }

  socket.on("data", (bytes) => {
    held = Buffer.concat([held, bytes as Buffer])
    for (;;) {
      // The first message has no type.
      const head = isWelcome ? 1 : 0
      if (held.length < head + 4 || held.length < head + held.readInt32BE(head)) return
      const end = head + held.readInt32BE(head)
      const type = held.toString("latin1", 0, head)
      const body = held.subarray(head + 4, end)
      held = held.subarray(end)
      if (isWelcome) handle(type, body)
      else {
        isWelcome = true
        socket.write(welcome)
      }
    }
  })
  socket.on("error", () => socket.destroy())
}

/** Serves until the scope ends, one statement after the other, each in a session of its own; answers the URL. */
export const serve = Effect.gen(function* () {
  const database = yield* Database
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    converse(database, socket)
  })
  const port = yield* Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" ? (address?.port ?? 0) : 0))
      })
    }),
    () =>
      Effect.sync(() => {
        for (const socket of sockets) socket.destroy()
        server.close()
      })
  )
  return `postgres://postgres@127.0.0.1:${port}/postgres`
})
