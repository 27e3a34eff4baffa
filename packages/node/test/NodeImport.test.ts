import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { type ImportSource, Imports } from "@effect-carto/core"
import * as NodeCarto from "@effect-carto/node/NodeCarto"
import * as NodeImport from "@effect-carto/node/NodeImport"
import { Effect, Redacted, Stdio, Stream } from "effect"
import { inDirectory } from "./Directory.ts"
import { serve } from "./TestServer.ts"

interface Upload {
  readonly length: string | undefined
  readonly name: string | undefined
  readonly file: Buffer
}

/** Takes the file out of the form, as Rails does: between the blank line of its part and the last boundary. */
const read = (request: IncomingMessage, body: Buffer): Upload => {
  const boundary = /boundary=(\S+)$/.exec(request.headers["content-type"] ?? "")?.[1] ?? ""
  const start = body.indexOf("\r\n\r\n") + 4
  return {
    length: request.headers["content-length"],
    name: /filename="([^"]*)"/.exec(body.subarray(0, start).toString())?.[1],
    file: body.subarray(start, body.lastIndexOf(`\r\n--${boundary}--\r\n`))
  }
}

/** An Import API that refuses as often as told, then takes everything. */
const uploading = <A, E, R>(refusals: number, use: (uploads: ReadonlyArray<Upload>) => Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const uploads: Array<Upload> = []
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        uploads.push(read(request, Buffer.concat(chunks)))
        const isRefused = uploads.length <= refusals
        response.writeHead(isRefused ? 429 : 200, { "content-type": "application/json", "retry-after": "0" })
        response.end(JSON.stringify(isRefused ? { error: ["slow down"] } : { item_queue_id: "1", success: true }))
      })
    }
    const { url } = yield* serve(answer)
    return yield* Effect.provide(
      use(uploads),
      NodeCarto.layer({ url: `${url}/user/alice`, apiKey: Redacted.make("key-of-alice"), proxy: "none" })
    )
  }).pipe(Effect.scoped)

const withFile = <A, E, R>(content: string | Uint8Array, use: (path: string) => Effect.Effect<A, E, R>) =>
  inDirectory((directory) => {
    const path = join(directory, "Cities.csv")
    fs.writeFileSync(path, content)
    return use(path)
  })

const create = <E, R>(source: ImportSource.ImportSource<E, R>) =>
  Effect.flatMap(Imports, (imports) => imports.create(source))

it.live("a file is sent with its length and under its own name, and from the start when it was refused", () => {
  const content = Buffer.alloc(3_000_001, "id,name\n")
  return withFile(content, (path) =>
    uploading(1, (uploads) =>
      Effect.gen(function* () {
        yield* create(NodeImport.file(path))
        assert.strictEqual(uploads.length, 2)
        for (const { file, length, name } of uploads) {
          assert.strictEqual(name, "Cities.csv")
          assert.isTrue(content.equals(file))
          assert.isAbove(Number(length), content.length)
        }
      })
    )
  )
})

it.live("a pipe is sent without its length, under a name that was given", () =>
  inDirectory((directory) =>
    uploading(0, (uploads) =>
      Effect.gen(function* () {
        const path = join(directory, "pipe")
        execFileSync("mkfifo", [path])
        const writing = fs.promises.writeFile(path, "id\n1\n")
        yield* create(NodeImport.file(path, { name: "pipe.csv" }))
        yield* Effect.promise(() => writing)
        assert.deepStrictEqual(
          uploads.map(({ file, length, name }) => [file.toString(), length, name]),
          [["id\n1\n", undefined, "pipe.csv"]]
        )
      })
    )
  )
)

it.live("standard input is sent once, and a terminal not at all", () =>
  uploading(2, (uploads) =>
    Effect.gen(function* () {
      const input = Stdio.layerTest({ stdin: Stream.make(Buffer.from("id\n1\n")) })
      const refused = yield* Effect.flip(Effect.provide(create(NodeImport.stdin("in.csv")), input))
      assert.strictEqual(refused.reason._tag, "RateLimitError")
      assert.strictEqual(uploads.length, 1)
      const terminal = Stdio.layerTest({ stdinIsTerminal: Effect.succeed(true) })
      const error = yield* Effect.flip(Effect.provide(create(NodeImport.stdin("in.csv")), terminal))
      assert.strictEqual(error.reason.message, "standard input is a terminal")
      assert.strictEqual(uploads.length, 1)
    })
  )
)

it.live("a missing or empty file fails before anything is sent", () =>
  withFile("", (path) =>
    uploading(0, (uploads) =>
      Effect.gen(function* () {
        const missing = yield* Effect.flip(create(NodeImport.file(`${path}.gone.csv`)))
        assert.strictEqual(missing.reason._tag, "ValidationError")
        const empty = yield* Effect.flip(create(NodeImport.file(path)))
        assert.match(empty.reason.message, /is empty/)
        assert.strictEqual(uploads.length, 0)
      })
    )
  )
)
