import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as NodeFile from "@effect-carto/node/NodeFile"
import { Deferred, Effect, Exit, Fiber, Schema, Stream } from "effect"
import { inDirectory } from "./Directory.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const large = new Uint8Array(300_000).fill(120)

const holding = (content: string | Uint8Array, directory: string) => {
  const path = join(directory, "out.csv")
  fs.writeFileSync(path, content)
  return path
}

const messageOf = <A>(effect: Effect.Effect<A, CartoError>) => Effect.map(Effect.flip(effect), (error) => error.message)

describe("NodeFile.read", () => {
  it.effect("gives the file's bytes, and again on every run", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = holding(large, directory)
        const read = Effect.map(Stream.runCollect(NodeFile.read(path)), (parts) => Buffer.concat(parts))
        assert.isTrue((yield* read).equals(large))
        assert.isTrue((yield* read).equals(large))
      })
    )
  )

  it.effect("says which file is missing", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Stream.runDrain(NodeFile.read("/nowhere/a.csv")))
      assert.strictEqual(
        error.message,
        'NodeFile.read: cannot read "/nowhere/a.csv": there is no such file or directory'
      )
      assert.strictEqual(error.reason._tag, "ValidationError")
      assert.isFalse(error.isRetryable)
    })
  )
})

describe("NodeFile.inspect", () => {
  it.effect("knows size and compression", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = holding("a,b\n", directory)
        assert.deepStrictEqual(yield* NodeFile.inspect(path), { size: 4, isGzip: false })
        const packed = gzipSync("a,b\n")
        fs.writeFileSync(path, packed)
        assert.deepStrictEqual(yield* NodeFile.inspect(path), { size: packed.length, isGzip: true })
        fs.writeFileSync(path, "")
        assert.deepStrictEqual(yield* NodeFile.inspect(path), { size: 0, isGzip: false })
      })
    )
  )

  it.effect("refuses a directory, a missing file and an impossible name", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        assert.include(yield* messageOf(NodeFile.inspect(directory)), "it is a directory")
        assert.include(yield* messageOf(NodeFile.inspect(join(directory, "no"))), "there is no such file")
        assert.include(yield* messageOf(NodeFile.inspect("a\0b")), "null bytes")
      })
    )
  )
})

describe("NodeFile.writeAtomic", () => {
  it.effect("creates a file and counts its bytes", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "new.csv")
        const written = yield* NodeFile.writeAtomic(path, Stream.make(bytes("a\n"), large))
        assert.strictEqual(written.bytes, large.length + 2)
        assert.isTrue(fs.readFileSync(path).equals(Buffer.concat([bytes("a\n"), large])))
        assert.deepStrictEqual(fs.readdirSync(directory), ["new.csv"])
      })
    )
  )

  it.effect("writes an empty file from an empty stream", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = holding("old", directory)
        assert.strictEqual((yield* NodeFile.writeAtomic(path, Stream.empty)).bytes, 0)
        assert.strictEqual(fs.readFileSync(path, "utf8"), "")
      })
    )
  )

  it.effect("does not touch the old file before the end", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = holding("old", directory)
        const last = Stream.sync(() => bytes(fs.readFileSync(path, "utf8")))
        yield* NodeFile.writeAtomic(path, Stream.concat(Stream.make(bytes("new+")), last))
        assert.strictEqual(fs.readFileSync(path, "utf8"), "new+old")
      })
    )
  )

  it.effect("keeps the old file's mode", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = holding("old", directory)
        fs.chmodSync(path, 0o640)
        yield* NodeFile.writeAtomic(path, Stream.make(bytes("new")))
        assert.strictEqual(fs.statSync(path).mode & 0o7777, 0o640)
      })
    )
  )

  it.effect("writes to where a symbolic link points", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = holding("old", directory)
        const link = join(directory, "link")
        fs.symlinkSync(path, link)
        yield* NodeFile.writeAtomic(link, Stream.make(bytes("new")))
        assert.strictEqual(fs.readFileSync(path, "utf8"), "new")
        assert.isTrue(fs.lstatSync(link).isSymbolicLink())
      })
    )
  )

  it.effect("appends, and creates what is missing", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "log.csv")
        yield* NodeFile.writeAtomic(path, Stream.make(bytes("1\n")), { append: true })
        const written = yield* NodeFile.writeAtomic(path, Stream.make(bytes("2\n"), bytes("3\n")), { append: true })
        assert.strictEqual(written.bytes, 4)
        assert.strictEqual(fs.readFileSync(path, "utf8"), "1\n2\n3\n")
      })
    )
  )

  it.effect("opens the target before the source begins", () =>
    Effect.gen(function* () {
      let begun = false
      const source = Stream.sync(() => {
        begun = true
        return bytes("x")
      })
      const message = yield* messageOf(NodeFile.writeAtomic("/nowhere/a.csv", source))
      assert.include(message, 'cannot write "/nowhere/a.csv": there is no such file or directory; nothing was changed')
      assert.isFalse(begun)
    })
  )

  it.effect("refuses a directory", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        assert.include(yield* messageOf(NodeFile.writeAtomic(directory, Stream.empty)), "it is a directory")
      })
    )
  )

  it.effect.skipIf(process.getuid?.() === 0)("refuses a write-protected file", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = holding("old", directory)
        fs.chmodSync(path, 0o444)
        assert.include(yield* messageOf(NodeFile.writeAtomic(path, Stream.empty)), "permission denied")
      })
    )
  )

  const Way = Schema.Literals(["failure", "defect", "interruption"])

  it.effect.prop(
    "after any failure the old content is there, and nothing else",
    { old: Schema.Uint8Array, parts: Schema.Array(Schema.Uint8Array), way: Way, append: Schema.Boolean },
    ({ old, parts, way, append }) =>
      inDirectory((directory) =>
        Effect.gen(function* () {
          const path = holding(old, directory)
          const reached = yield* Deferred.make<void>()
          const end = {
            failure: Effect.fail("server"),
            defect: Effect.die("bug"),
            interruption: Effect.andThen(Deferred.succeed(reached, undefined), Effect.never)
          }[way]
          const source = Stream.concat(Stream.fromIterable(parts), Stream.fromEffectDrain(end))
          const fiber = yield* Effect.forkChild(NodeFile.writeAtomic(path, source, { append }))
          if (way === "interruption") {
            yield* Deferred.await(reached)
            yield* Fiber.interrupt(fiber)
          }
          assert.isTrue(Exit.isFailure(yield* Fiber.await(fiber)))
          assert.isTrue(fs.readFileSync(path).equals(old))
          assert.deepStrictEqual(fs.readdirSync(directory), ["out.csv"])
        })
      )
  )

  it.effect("passes the source's own failure on", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const failing = NodeFile.writeAtomic(join(directory, "a"), Stream.fail("server"))
        assert.strictEqual(yield* Effect.flip(failing), "server")
      })
    )
  )
})

describe("a full disk", () => {
  it.effect.skipIf(!fs.existsSync("/dev/full"))("is told in words", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(NodeFile.writeAtomic("/dev/full", Stream.make(large)))
      assert.include(error.message, "no space is left on the disk")
      assert.include(error.advice, "Free some space")
    })
  )

  const onTinyDisk = <E>(use: (directory: string) => Effect.Effect<void, E>) =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const mounted = yield* Effect.exit(
          Effect.try(() =>
            execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", directory], { stdio: "ignore" })
          )
        )
        // Only root may mount; elsewhere /dev/full above has to do.
        if (Exit.isFailure(mounted)) return
        yield* Effect.ensuring(
          use(directory),
          Effect.sync(() => execFileSync("umount", [directory]))
        )
      })
    )

  it.effect("leaves the old file as it was", () =>
    onTinyDisk((directory) =>
      Effect.gen(function* () {
        const path = holding("old", directory)
        const message = yield* messageOf(NodeFile.writeAtomic(path, Stream.make(large, large, large, large)))
        assert.include(message, "no space is left on the disk; nothing was changed")
        assert.strictEqual(fs.readFileSync(path, "utf8"), "old")
        assert.deepStrictEqual(fs.readdirSync(directory), ["out.csv"])
      })
    )
  )

  it.effect("cuts off what was appended", () =>
    onTinyDisk((directory) =>
      Effect.gen(function* () {
        const path = holding(large, directory)
        // The new bytes fit once, beside the file, but not a second time behind it.
        const message = yield* messageOf(NodeFile.writeAtomic(path, Stream.make(large, large), { append: true }))
        assert.include(message, "no space is left on the disk; nothing was changed")
        assert.isTrue(fs.readFileSync(path).equals(large))
        assert.deepStrictEqual(fs.readdirSync(directory), ["out.csv"])
      })
    )
  )
})

describe("NodeFile.makeFolder", () => {
  it.effect("makes what is missing, with its mode, and is content with what is there", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "a/b/c")
        yield* NodeFile.makeFolder(path, { mode: 0o700 })
        yield* NodeFile.makeFolder(path)
        assert.deepStrictEqual(fs.readdirSync(directory, { recursive: true }), ["a", "a/b", "a/b/c"])
        if (process.platform !== "win32") assert.strictEqual(fs.statSync(join(directory, "a/b")).mode & 0o777, 0o700)
      })
    )
  )

  it.effect("says why it cannot", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const file = holding("", directory)
        assert.include(yield* messageOf(NodeFile.makeFolder(join(file, "a"))), "a part of the path is no directory")
        assert.include(yield* messageOf(NodeFile.makeFolder(file)), `cannot make "${file}"`)
      })
    )
  )

  it.effect.skipIf(process.platform !== "linux")("ends where no folder can be made", () =>
    Effect.gen(function* () {
      assert.include(yield* messageOf(NodeFile.makeFolder("/proc/none/a")), 'cannot make "/proc/none/a"')
    })
  )
})
