import { assert, it } from "@effect/vitest"
import { CartoError, Datasets, Sql, Visualizations } from "@effect-carto/core"
import { Effect, Redacted, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import { connected, layer } from "./layer.ts"

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })

const dataset = Effect.fnUntraced(function* (name: string) {
  const sql = yield* Sql
  const datasets = yield* Datasets
  yield* sql.execute(
    sql.unsafe(`create table ${name} (name text, height numeric, opened date); insert into ${name} values ('a')`)
  )
  return yield* datasets.cartodbfy(name)
})

const names = (maps: ReadonlyArray<{ readonly name: string }>) => maps.map(({ name }) => name)

it.layer(layer, { timeout: "120 seconds", excludeTestServices: true })("Visualizations against the emulator", (it) => {
  it.effect("creates, lists, reads, changes and deletes maps", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      yield* dataset("places")
      const map = yield* maps.create({ tables: ["places"], name: "Places" })
      assert.strictEqual(map.type, "derived")
      assert.isAtLeast(map.related_tables?.length ?? 0, 1)
      const copy = yield* maps.create({ source: map.id })
      assert.notStrictEqual(copy.id, map.id)

      assert.includeMembers(names(yield* Stream.runCollect(maps.list({ pageSize: 1 }))), [map.name, copy.name])
      const read = yield* maps.get("Places", { include: ["permission", "related_canonical_visualizations"] })
      assert.strictEqual(read.id, map.id)
      assert.strictEqual(read.permission?.owner.username, "alice")
      assert.deepStrictEqual(names(read.related_canonical_visualizations ?? []), ["places"])

      const changed = yield* maps.update(map.id, { name: "v1.2 50% / ☃", description: "x", tags: ["a"] })
      assert.strictEqual(changed.name, "v1.2 50% / ☃")
      assert.strictEqual((yield* maps.get("v1.2 50% / ☃")).id, map.id)
      assert.isNull((yield* maps.update(map.id, { description: null })).description)
      const hidden = yield* maps.update(map.id, { privacy: "PASSWORD", password: Redacted.make("sesame") })
      assert.strictEqual(hidden.privacy, "PASSWORD")
      assert.deepStrictEqual(names(yield* Stream.runCollect(maps.list({ privacy: "PASSWORD" }))), ["v1.2 50% / ☃"])

      yield* maps.delete("v1.2 50% / ☃")
      assert.strictEqual((yield* reasonOf(maps.get(map.id)))._tag, "NotFoundError")
    })
  )

  it.effect("a map named like a dataset is found beside it, and the dataset is not deleted as a map", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const table = yield* dataset("twins")
      const map = yield* maps.create({ tables: ["twins"], name: "twins" })
      assert.strictEqual((yield* maps.get("twins")).id, map.id)
      assert.strictEqual((yield* reasonOf(maps.delete(table.id)))._tag, "ValidationError")
      assert.strictEqual((yield* (yield* Datasets).get("twins")).id, table.id)
    })
  )

  it.effect("lists what is public without a key, and refuses a wrong one", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const { url } = yield* Emulator
      yield* dataset("open_data")
      yield* dataset("secrets")
      yield* datasets.update("open_data", { privacy: "PUBLIC" })
      yield* datasets.update("secrets", { privacy: "PRIVATE" })
      const list = Effect.flatMap(Datasets, (datasets) => Stream.runCollect(datasets.list()))
      const secret = Effect.flatMap(Datasets, (datasets) => datasets.get("secrets"))
      const anonymous = connected({ url, apiKey: undefined })
      const listed = names(yield* Effect.provide(list, anonymous))
      assert.include(listed, "open_data")
      assert.notInclude(listed, "secrets")
      assert.strictEqual((yield* Effect.provide(reasonOf(secret), anonymous))._tag, "AuthError")
      const wrong = connected({ apiKey: Redacted.make("wrong") })
      const open = Effect.flatMap(Datasets, (datasets) => datasets.get("open_data"))
      for (const call of [Effect.asVoid(list), Effect.asVoid(secret), Effect.asVoid(open)]) {
        const reason = yield* Effect.provide(reasonOf(call), wrong)
        assert.strictEqual(reason._tag, "AuthError")
        assert.include(reason.message, "did not recognize the key")
      }
    })
  )

  it.effect("a plan that is full is a QuotaError, a viewer's key an AuthError", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const { plan } = yield* Emulator
      yield* dataset("limited")
      const map = yield* maps.create({ tables: ["limited"], name: "Limited", privacy: "PUBLIC" })
      yield* plan.set({ privateMaps: false })
      assert.include(
        ["QuotaError", "ValidationError"],
        (yield* reasonOf(maps.update(map.id, { privacy: "PRIVATE" })))._tag
      )
      yield* plan.set({ privateMaps: true, viewer: true })
      assert.strictEqual((yield* reasonOf(maps.create({ tables: ["limited"] })))._tag, "AuthError")
      yield* plan.set({ viewer: false })
      assert.strictEqual((yield* maps.get(map.id)).privacy, "PUBLIC")
    })
  )
})
