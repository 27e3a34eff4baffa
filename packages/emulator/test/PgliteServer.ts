/** A small PostgreSQL on a port of this machine, for what connects to one: PGlite, one client at a time. */
import { createServer, type Socket } from "node:net"
import { PGlite } from "@electric-sql/pglite"
import { Context, Effect, Layer } from "effect"

/** Asks for encryption, which there is none of here. */
const sslRequest = 80877103

/** What a server says before its first query; passwords are not asked for. */
const welcome = Buffer.concat([
  Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]),
  ...[
    ["server_version", "17.0"],
    ["client_encoding", "UTF8"],
    ["standard_conforming_strings", "on"]
  ].map(([name, value]) => {
    const text = Buffer.from(`${name}\0${value}\0`)
    const length = Buffer.alloc(4)
    length.writeInt32BE(4 + text.length)
    return Buffer.concat([Buffer.from("S"), length, text])
  }),
  Buffer.from([0x5a, 0, 0, 0, 5, 0x49])
])

const converse = (database: PGlite, socket: Socket) => {
  let held = Buffer.alloc(0)
  let isWelcome = false
  const answer = async () => {
    for (;;) {
      if (!isWelcome) {
        if (held.length < 8 || held.length < held.readInt32BE(0)) return
        const length = held.readInt32BE(0)
        const code = held.readInt32BE(4)
        held = held.subarray(length)
        if (code === sslRequest) socket.write("N")
        else {
          isWelcome = true
          socket.write(welcome)
        }
        continue
      }
      if (held.length < 5 || held.length < 1 + held.readInt32BE(1)) return
      const length = 1 + held.readInt32BE(1)
      const message = held.subarray(0, length)
      held = held.subarray(length)
      if (message[0] === 0x58) return socket.end()
      socket.write(await database.execProtocolRaw(message))
    }
  }
  let work = Promise.resolve<unknown>(undefined)
  socket.on("data", (bytes) => {
    work = work.then(() => {
      held = Buffer.concat([held, Buffer.from(bytes)])
      return answer()
    })
  })
  socket.on("error", () => socket.destroy())
}

/** Its start blocks this process for seconds, in which idle connections break: so it is a layer, and made before the tests. */
export class PgliteServer extends Context.Service<PgliteServer, { readonly port: number }>()("test/PgliteServer") {
  /** Runs `sql` first. User and database are `postgres`. */
  static readonly layer = (sql: string) =>
    Layer.effect(
      PgliteServer,
      Effect.map(serve(sql), (port) => ({ port }))
    )
}

const serve = Effect.fnUntraced(function* (sql: string) {
  const database = yield* Effect.acquireRelease(
    Effect.promise(() => PGlite.create()),
    (database) => Effect.promise(() => database.close())
  )
  yield* Effect.promise(() => database.exec(sql))
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    converse(database, socket)
  })
  return yield* Effect.acquireRelease(
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
})
