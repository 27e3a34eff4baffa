import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it, type Vitest } from "@effect/vitest"
import { Effect, FileSystem, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Auth } from "../src/Auth.ts"
import { Catalog } from "../src/catalog/Catalog.ts"
import { Plan } from "../src/catalog/Plan.ts"
import { Database, type DatabaseError } from "../src/Database.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { ownerRole, publicRole } from "../src/sql/roles.ts"
import { Account } from "../src/users/Account.ts"
import * as PostgresServer from "./PostgresServer.ts"

const sql = Effect.fnUntraced(function* (text: string) {
  return yield* (yield* Database).rows(text, { role: ownerRole })
})

const makeDataset = Effect.fnUntraced(function* (name: string) {
  yield* sql(`create table ${name} (a int); select cdb_cartodbfytable('${name}')`)
  const dataset = yield* (yield* Catalog).dataset(name)
  return dataset ?? (yield* Effect.die(`${name} is not in the catalog`))
})

/** Whether the public may read it. */
const isPublic = (table: string) =>
  Effect.map(
    sql(`select has_table_privilege('${publicRole}', '${table}', 'select') as may`),
    ([row]) => row?.may === "t"
  )

const catalog = (database: Layer.Layer<Database, DatabaseError>) =>
  Catalog.layer.pipe(
    Layer.provideMerge(Plan.layer()),
    Layer.provide(Account.layer({})),
    Layer.provide(Auth.layer({ user: "alice" })),
    Layer.provideMerge(database)
  )

it.live("ids, privacies and maps outlive the emulator in a data folder", () =>
  Effect.gen(function* () {
    const folder = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
    const inFolder = Effect.provide(catalog(PgliteDatabase.layer({ dataDir: `${folder}/data` })))
    const before = yield* Effect.gen(function* () {
      const { createMap, update } = yield* Catalog
      const kept = yield* update((yield* makeDataset("kept")).id, { privacy: "LINK", tags: ["old"] })
      return kept === undefined ? undefined : { kept, map: yield* createMap({ datasets: [kept] }) }
    }).pipe(inFolder)
    const after = yield* Effect.gen(function* () {
      const { dataset, mapsOf } = yield* Catalog
      const kept = yield* dataset("kept")
      return { kept, map: (yield* mapsOf(kept?.id ?? ""))[0] }
    }).pipe(inFolder)
    assert.deepStrictEqual(after, before)
  }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
)

const facts = (it: Vitest.MethodsNonLive<Catalog | Database | Plan>): void => {
  it.effect("a database that belonged to another account before links its tables once", () =>
    Effect.gen(function* () {
      yield* Layer.build(Account.layer({}).pipe(Layer.provide(Auth.layer({ user: "bob" }))))
      assert.strictEqual((yield* makeDataset("inherited")).name, "inherited")
    })
  )

  it.effect("a table is a dataset as soon as it is cartodbfied", () =>
    Effect.gen(function* () {
      const { dataset } = yield* Catalog
      yield* sql("create table plain (a int)")
      assert.isUndefined(yield* dataset("plain"))
      yield* sql("select cdb_cartodbfytable('plain')")
      const linked = yield* dataset("plain")
      assert.deepInclude(linked, { type: "table", name: "plain", privacy: "PRIVATE" })
      assert.deepStrictEqual(yield* dataset('"public".plain'), linked)
      assert.deepStrictEqual(yield* dataset(linked?.table_id ?? ""), linked)
    })
  )

  it.effect("a renamed table and one that took its place keep their ids, a dropped one is forgotten", () =>
    Effect.gen(function* () {
      const { dataset, find, update } = yield* Catalog
      const { id } = yield* makeDataset("before")
      yield* update(id, { privacy: "LINK" })
      yield* sql("alter table before rename to after")
      assert.strictEqual((yield* find(id))?.name, "after")
      yield* sql("drop table after; create table after (b int); select cdb_cartodbfytable('after')")
      assert.deepInclude(yield* dataset("after"), { id, privacy: "LINK" })
      assert.isTrue(yield* isPublic("after"))
      yield* sql("drop table after")
      assert.isUndefined(yield* find(id))
    })
  )

  it.effect("a table that the public may read is linked as public", () =>
    Effect.gen(function* () {
      yield* sql(`create table open (a int); select cdb_cartodbfytable('open'); grant select on open to ${publicRole}`)
      assert.strictEqual((yield* (yield* Catalog).dataset("open"))?.privacy, "PUBLIC")
    })
  )

  it.effect("without private tables new datasets are public", () =>
    Effect.gen(function* () {
      yield* (yield* Plan).set({ privateTables: false })
      const { privacy } = yield* makeDataset("forced")
      yield* (yield* Plan).set({ privateTables: true })
      assert.strictEqual(privacy, "PUBLIC")
      assert.isTrue(yield* isPublic("forced"))
    })
  )

  it.effect("privacy is the public's right to read", () =>
    Effect.gen(function* () {
      const { update } = yield* Catalog
      const { id } = yield* makeDataset("seen")
      const seen: Array<boolean> = []
      for (const privacy of ["PUBLIC", "PRIVATE", "LINK", "PRIVATE"] as const) {
        yield* update(id, { privacy })
        seen.push(yield* isPublic("seen"))
      }
      assert.deepStrictEqual(seen, [true, false, true, false])
    })
  )

  it.effect("a map takes name and privacy from what is there", () =>
    Effect.gen(function* () {
      const { createMap, datasetsOf, mapsOf, update } = yield* Catalog
      const a = yield* makeDataset("map_a")
      const b = yield* Effect.flatMap(makeDataset("map_b"), ({ id }) => update(id, { privacy: "PUBLIC" }))
      if (b === undefined) return yield* Effect.die("map_b is gone")
      const first = yield* createMap({ datasets: [b] })
      yield* TestClock.adjust("1 second")
      const second = yield* createMap({ datasets: [b, a] })
      assert.deepStrictEqual([first.name, first.privacy], ["Untitled map", "PUBLIC"])
      assert.deepStrictEqual([second.name, second.privacy], ["Untitled map 1", "PRIVATE"])
      assert.deepStrictEqual(
        (yield* datasetsOf(second.id)).map(({ name }) => name),
        ["map_b", "map_a"]
      )
      assert.deepStrictEqual(
        (yield* mapsOf(b.id)).map(({ id }) => id),
        [second.id, first.id]
      )
    })
  )

  it.effect("with a dataset go its table and the maps that show nothing else", () =>
    Effect.gen(function* () {
      const { createMap, datasetsOf, find, remove } = yield* Catalog
      const gone = yield* makeDataset("gone")
      const kept = yield* makeDataset("kept")
      const only = yield* createMap({ datasets: [gone] })
      const both = yield* createMap({ datasets: [gone, kept] })
      yield* remove(gone)
      assert.deepStrictEqual([yield* find(gone.id), yield* find(only.id)], [undefined, undefined])
      assert.deepStrictEqual(
        (yield* datasetsOf(both.id)).map(({ name }) => name),
        ["kept"]
      )
      assert.deepStrictEqual(yield* sql("select to_regclass('gone') as it"), [{ it: null }])
    })
  )

  it.effect("names that SQL must quote are names as any other", () =>
    Effect.gen(function* () {
      const { dataset, remove, update } = yield* Catalog
      yield* sql(`create table "It's ""Odd""" (a int); select cdb_cartodbfytable('"It''s ""Odd"""')`)
      const odd = yield* dataset(`It's "Odd"`)
      assert.strictEqual(odd?.type, "table")
      if (odd === undefined) return
      yield* update(odd.id, { privacy: "PUBLIC", description: "it's \\ odd", tags: ["a'b", "c,d"] })
      const renamed = yield* update(odd.id, { name: 'Stranger "still"' })
      assert.deepInclude(renamed, { description: "it's \\ odd", tags: ["a'b", "c,d"], privacy: "PUBLIC" })
      if (renamed !== undefined) yield* remove(renamed)
      assert.deepStrictEqual(yield* sql(`select to_regclass('"Stranger ""still"""') as it`), [{ it: null }])
    })
  )

  it.effect("a text becomes a table name that is free", () =>
    Effect.gen(function* () {
      const { freeTableName } = yield* Catalog
      yield* sql("create view shape_2 as select 1 as a; create table shape_2_1 (a int)")
      const names = yield* Effect.forEach([" Shape  #2 ", "2020", "Ünï", "select", "", "Shape-3"], freeTableName)
      assert.deepStrictEqual(names, ["shape_2_2", "table_2020", "table_n_", "select_t", "untitled_table", "shape_3"])
    })
  )
}

it.layer(catalog(PgliteDatabase.layer()), { timeout: "2 minutes" })("Catalog on PGlite", facts)

describe.skipIf(PostgresServer.serverUrl === undefined)("on a server", () => {
  it.layer(catalog(PostgresServer.layer), { timeout: "2 minutes" })("Catalog on PostgreSQL", facts)
})
