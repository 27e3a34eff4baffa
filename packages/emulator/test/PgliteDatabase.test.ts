import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, describe, it, vi } from "@effect/vitest"
import { Effect, Fiber, FileSystem, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Database } from "../src/Database.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import * as Template from "../src/pglite/Template.ts"
import { assertHealthy, contract, errorOf, owner, run, start } from "./DatabaseContract.ts"

// An engine starts in two seconds, or in twenty on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000 })

// The first start on a machine builds the template.
const timeout = "2 minutes"

const bowTie = "'POLYGON((0 0,10 10,10 0,0 10,0 0))'::geometry"

it.layer(PgliteDatabase.layer(), { timeout })("PgliteDatabase", (it) => {
  contract(it)

  it.effect("an exception of GEOS is an SQL error", () =>
    Effect.gen(function* () {
      for (let count = 0; count < 100; count++) {
        const error = yield* errorOf(`select ST_Intersection(${bowTie}, ${bowTie})`, owner)
        assert.strictEqual(error.code, "XX000")
        assert.match(error.message, /^GEOS\/PROJ: TopologyException: /)
      }
      yield* assertHealthy
    })
  )

  it.effect("plpgsql catches an exception of GEOS", () =>
    Effect.gen(function* () {
      const db = yield* Database
      yield* run(
        `create function careful() returns text language plpgsql as $$ begin perform ST_Intersection(${bowTie}, ${bowTie}); return 'no'; exception when others then return sqlstate; end $$`,
        owner
      )
      assert.deepStrictEqual(yield* db.rows("select careful() as caught", owner), [{ caught: "XX000" }])
    })
  )

  it.effect("runaway recursion is an SQL error", () =>
    Effect.gen(function* () {
      yield* run(
        "create function forever(n int) returns int language plpgsql as 'begin return forever(n + 1); end'",
        owner
      )
      assert.strictEqual((yield* errorOf("select forever(1)", owner)).code, "54001")
      for (const deep of [
        `select ${"1+".repeat(50_000)}1`,
        `select ${"- ".repeat(50_000)}1`,
        "select repeat('[', 1000000)::json"
      ]) {
        yield* errorOf(deep, owner)
        yield* assertHealthy
      }
    })
  )

  it.effect("an engine that breaks is replaced", () =>
    Effect.gen(function* () {
      yield* run("create table outlived as select 1 as a", owner)
      const error = yield* errorOf("select repeat('[', 10000000)::json", owner)
      assert.deepInclude(error, {
        code: "57P02",
        message: "the database stopped in this statement and starts anew: Maximum call stack size exceeded"
      })
      assert.deepInclude(yield* run("select * from outlived", owner), { _tag: "DataRow", cells: ["1"] })
    })
  )

  it.effect("errors do not use the stack up", () =>
    Effect.gen(function* () {
      for (let count = 0; count < 3000; count++) yield* errorOf("select 1 / 0", owner)
      yield* assertHealthy
    })
  )

  it.effect("a statement that cannot be cancelled costs the engine, not the data", () =>
    Effect.gen(function* () {
      const db = yield* Database
      yield* run("create table kept as select 1 as a", owner)
      const fiber = yield* start("select pg_sleep(1000)", { ...owner, statementTimeout: "1 second" })
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Effect.flip(Fiber.join(fiber))).code, "57014")
      assert.deepStrictEqual(yield* db.rows("select * from kept", owner), [{ a: "1" }])
    })
  )
})

describe("PgliteDatabase's versions", () => {
  it.effect("are exactly those that its guards were made for", () =>
    Effect.gen(function* () {
      yield* Template.checkVersions.pipe(Effect.provide(NodeFileSystem.layer))
      const another = FileSystem.layerNoop({ readFileString: () => Effect.succeed('{"version":"0.5.16"}') })
      const error = yield* Effect.flip(Template.checkVersions.pipe(Effect.provide(another)))
      assert.strictEqual(error.message, "@electric-sql/pglite 0.5.16 is installed, but only 0.5.8 works here")
    })
  )
})

describe("PgliteDatabase's folder", () => {
  const folder = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped()).pipe(
    Effect.provide(NodeFileSystem.layer)
  )
  const open = (dataDir: string) => PgliteDatabase.layer({ dataDir })

  it.effect("keeps the data", () =>
    Effect.gen(function* () {
      const dataDir = yield* folder
      yield* run("create table kept as select 1 as a", owner).pipe(Effect.provide(open(dataDir)))
      // As a folder of another release, whose functions are replaced.
      writeFileSync(join(dataDir, "bootstrap"), "older")
      const messages = yield* run("select *, CDB_Version() from kept", owner).pipe(Effect.provide(open(dataDir)))
      assert.deepInclude(messages, { _tag: "DataRow", cells: ["1", "0.37.1"] })
      assert.notStrictEqual(readFileSync(join(dataDir, "bootstrap"), "utf8"), "older")
    })
  )

  it.effect("opens for one only", () =>
    Effect.gen(function* () {
      const dataDir = yield* folder
      yield* Layer.build(open(dataDir))
      const error = yield* Effect.flip(Effect.scoped(Layer.build(Layer.fresh(open(dataDir)))))
      assert.deepInclude(error, { code: "55006", message: `${dataDir} is in use by process ${process.pid}` })
    })
  )

  it.effect("that cannot be made is told", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.scoped(Layer.build(open("/proc/carto/data"))))
      assert.strictEqual(error.code, "58000")
      assert.include(error.message, "/proc/carto")
    })
  )

  it.effect("is removed when it was a throw-away one of a process that died", () =>
    Effect.gen(function* () {
      const left = mkdtempSync(join(tmpdir(), "effect-carto-"))
      writeFileSync(join(left, "lock"), JSON.stringify({ pid: process.pid, started: "before the last reboot" }))
      yield* assertHealthy.pipe(Effect.provide(PgliteDatabase.layer()))
      assert.isFalse(existsSync(left))
    })
  )

  it.effect("opens again after a process that died", () =>
    Effect.gen(function* () {
      const dataDir = yield* folder
      writeFileSync(join(dataDir, "lock"), JSON.stringify({ pid: process.pid, started: "before the last reboot" }))
      yield* assertHealthy.pipe(Effect.provide(open(dataDir)))
      assert.isFalse(existsSync(join(dataDir, "lock")))
    })
  )
})
