import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { assert, it } from "@effect/vitest"
import { Sql, SqlCopy } from "@effect-carto/core"
import { Emulator } from "@effect-carto/emulator/Emulator"
import { Fault, tooManyRequests } from "@effect-carto/emulator/Faults"
import * as NodeCarto from "@effect-carto/node/NodeCarto"
import * as NodeCopy from "@effect-carto/node/NodeCopy"
import { Deferred, Effect, Exit, Fiber, Layer, Stdio, Stream } from "effect"
import { inDirectory } from "./Directory.ts"

const Services = Layer.unwrap(
  Effect.map(Emulator, ({ masterKey, url }) => NodeCarto.layer({ url, apiKey: masterKey, proxy: "none", retries: 0 }))
).pipe(Layer.provideMerge(Emulator.layerTest))

const csv = "id,name\n1,Ávila\n2,Bern\n"
const bytes = (text: string) => new TextEncoder().encode(text)

const emptyTable = Effect.flatMap(Sql, (sql) => sql.execute`drop table if exists c; create table c (id int, name text)`)

const rows = Effect.gen(function* () {
  const copy = yield* SqlCopy
  return yield* Stream.mkString(Stream.decodeText(copy.to("c")))
})

const withFile = <A, E, R>(content: string | Uint8Array, use: (path: string) => Effect.Effect<A, E, R>) =>
  inDirectory((directory) => {
    const path = join(directory, "data")
    fs.writeFileSync(path, content)
    return use(path)
  })

const stdin = (...chunks: ReadonlyArray<Uint8Array>) =>
  Effect.provide(Stdio.layerTest({ stdin: Stream.fromIterable(chunks) }))

it.layer(Services, { timeout: "2 minutes", excludeTestServices: true })("NodeCopy", (it) => {
  it.effect("loads a file, as it is and compressed on the way", () =>
    withFile(csv, (path) =>
      Effect.gen(function* () {
        for (const compression of ["none", "gzip"] as const) {
          yield* emptyTable
          const result = yield* NodeCopy.fromFile(path, "c", { compression })
          assert.strictEqual(result.rows, 2)
          assert.strictEqual(result.bytes, bytes(csv).length)
          assert.strictEqual(yield* rows, csv)
        }
      })
    )
  )

  it.effect("sends a gzip file as it is", () =>
    withFile(gzipSync(csv), (path) =>
      Effect.gen(function* () {
        yield* emptyTable
        const result = yield* NodeCopy.fromFile(path, "c")
        assert.strictEqual(result.rows, 2)
        assert.strictEqual(result.bytes, gzipSync(csv).length)
        assert.strictEqual(yield* rows, csv)
      })
    )
  )

  it.effect("loads a few megabytes through the fast gzip", () =>
    withFile(`id,name\n${Array.from({ length: 200_000 }, (_, i) => `${i},name of ${i}\n`).join("")}`, (path) =>
      Effect.gen(function* () {
        yield* emptyTable
        assert.strictEqual((yield* NodeCopy.fromFile(path, "c", { compression: "gzip" })).rows, 200_000)
        const sql = yield* Sql
        const sum = yield* sql.query()`select sum(id)::int8 as sum, count(distinct name)::int8 as names from c`
        assert.deepStrictEqual(sum.rows, [{ sum: 19_999_900_000n, names: 200_000n }])
      })
    )
  )

  it.effect("tells missing, empty and unreadable files before anything is sent", () =>
    withFile("", (path) =>
      Effect.gen(function* () {
        const missing = yield* Effect.flip(NodeCopy.fromFile(`${path}.no`, "c"))
        assert.include(missing.message, "there is no such file")
        const empty = yield* Effect.flip(NodeCopy.fromFile(path, "c"))
        assert.strictEqual(empty.message, `NodeCopy.fromFile: "${path}" is empty`)
        assert.strictEqual(empty.reason._tag, "ValidationError")
        assert.isUndefined(empty.status)
      })
    )
  )

  it.effect("loads standard input, plain and gzip", () =>
    Effect.gen(function* () {
      yield* emptyTable
      const plain = bytes(csv)
      const loaded = NodeCopy.fromStdin("c").pipe(stdin(plain.subarray(0, 9), plain.subarray(9)))
      assert.strictEqual((yield* loaded).rows, 2)
      const packed = gzipSync(csv)
      const unpacked = NodeCopy.fromStdin("c").pipe(stdin(packed.subarray(0, 5), packed.subarray(5)))
      assert.strictEqual((yield* unpacked).rows, 2)
      assert.strictEqual(yield* rows, csv + csv.slice(csv.indexOf("\n") + 1))
    })
  )

  it.effect("loads a pipe, plain and gzip", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        yield* emptyTable
        const pipe = join(directory, "pipe")
        if (Exit.isFailure(yield* Effect.exit(Effect.try(() => execFileSync("mkfifo", [pipe]))))) return
        for (const content of [csv, gzipSync(csv)]) {
          const writing = Effect.promise(() => fs.promises.writeFile(pipe, content))
          const [result] = yield* Effect.all([NodeCopy.fromFile(pipe, "c"), writing], { concurrency: 2 })
          assert.strictEqual(result.rows, 2)
        }
      })
    )
  )

  it.effect("refuses empty standard input and a terminal", () =>
    Effect.gen(function* () {
      const empty = yield* Effect.flip(NodeCopy.fromStdin("c").pipe(stdin()))
      assert.strictEqual(empty.message, "NodeCopy.fromStdin: standard input is empty")
      const terminal = Stdio.layerTest({ stdinIsTerminal: Effect.succeed(true) })
      const typed = yield* Effect.flip(NodeCopy.fromStdin("c").pipe(Effect.provide(terminal)))
      assert.include(typed.message, "is a terminal")
    })
  )

  it.effect("says what the server said when it refuses a large upload in the middle", () =>
    withFile(`id,name\nx,1\n${"1,some name\n".repeat(2_000_000)}`, (path) =>
      Effect.gen(function* () {
        yield* emptyTable
        const error = yield* Effect.flip(NodeCopy.fromFile(path, "c", { compression: "none" }))
        assert.strictEqual(error.status, 400)
        assert.include(error.message, "invalid input syntax")
        assert.strictEqual(yield* rows, "id,name\n")
      })
    )
  )

  it.effect("sends a file again from its beginning after a rate limit", () =>
    withFile(csv, (path) =>
      Effect.gen(function* () {
        yield* emptyTable
        const { faults, masterKey, url } = yield* Emulator
        yield* faults.inject(tooManyRequests({ retryAfter: 0 }), { path: "copyfrom" })
        const result = yield* NodeCopy.fromFile(path, "c").pipe(
          Effect.provide(NodeCarto.layer({ url, apiKey: masterKey, proxy: "none", retries: 1 }))
        )
        assert.strictEqual(result.bytes, bytes(csv).length)
        assert.strictEqual(yield* rows, csv)
      })
    )
  )

  it.effect("leaves no rows behind when it is interrupted", () =>
    Effect.gen(function* () {
      yield* emptyTable
      const sent = yield* Deferred.make<void>()
      const head = bytes(csv + "3,x\n".repeat(40_000))
      const endless = Stream.make(head).pipe(
        Stream.concat(Stream.fromEffectDrain(Deferred.succeed(sent, undefined))),
        Stream.concat(Stream.never)
      )
      const copy = yield* SqlCopy
      const fiber = yield* Effect.forkChild(copy.from("c", endless))
      yield* Deferred.await(sent)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(yield* rows, "id,name\n")
    })
  )

  it.effect("keeps the old file when the connection breaks", () =>
    withFile("old", (path) =>
      Effect.gen(function* () {
        yield* emptyTable
        yield* NodeCopy.fromStdin("c").pipe(stdin(bytes(csv)))
        const { faults } = yield* Emulator
        yield* faults.inject(Fault.Cut({ afterBytes: 12 }), { path: "copyto" })
        const error = yield* Effect.flip(NodeCopy.toFile("c", path))
        assert.strictEqual(error.reason._tag, "TransportError")
        assert.strictEqual(fs.readFileSync(path, "utf8"), "old")
      })
    )
  )

  it.effect("writes a table to a file, and a query over it", () =>
    withFile("old", (path) =>
      Effect.gen(function* () {
        yield* emptyTable
        yield* NodeCopy.fromStdin("c").pipe(stdin(bytes(csv)))
        assert.strictEqual((yield* NodeCopy.toFile("c", path)).bytes, bytes(csv).length)
        assert.strictEqual(fs.readFileSync(path, "utf8"), csv)
        const sql = yield* Sql
        yield* NodeCopy.toFile(sql.unsafe("select name from c order by 1"), path, { header: false })
        assert.strictEqual(fs.readFileSync(path, "utf8"), "Bern\nÁvila\n")
      })
    )
  )

  it.effect("appends without a second header", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "all.csv")
        const sql = yield* Sql
        for (const id of [1, 2]) {
          yield* NodeCopy.toFile(sql.unsafe(`select ${id} as id`), path, { append: true })
        }
        assert.strictEqual(fs.readFileSync(path, "utf8"), "id\n1\n2\n")
      })
    )
  )

  it.effect("does not append to binary data, which has an end", () =>
    withFile("old", (path) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(NodeCopy.toFile("c", path, { append: true, format: "binary" }))
        assert.strictEqual(error.message, "NodeCopy.toFile: binary COPY data cannot be appended to a file")
      })
    )
  )

  it.effect.each([
    ["a missing table", "select * from nowhere"],
    ["an error behind many rows", "select 1 / (300000 - i) from generate_series(1, 300000) i"]
  ] as const)("keeps the old file after %s", ([_, query]) =>
    withFile("old", (path) =>
      Effect.gen(function* () {
        const sql = yield* Sql
        for (const append of [false, true]) {
          const error = yield* Effect.flip(NodeCopy.toFile(sql.unsafe(query), path, { append }))
          assert.include(["SqlError", "NotFoundError", "ValidationError"], error.reason._tag)
          assert.strictEqual(fs.readFileSync(path, "utf8"), "old")
          assert.deepStrictEqual(fs.readdirSync(join(path, "..")), ["data"])
        }
      })
    )
  )
})
