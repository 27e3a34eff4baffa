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
  yield* sql.execute(sql.unsafe(`create table ${name} (name text)`))
  return yield* (yield* Datasets).cartodbfy(name)
})

/** As somebody with another key. */
const as = (apiKey: Redacted.Redacted | undefined) => Effect.provide(connected({ apiKey }))

it.layer(layer, { timeout: "2 minutes", excludeTestServices: true })("Visualizations against the emulator", (it) => {
  it.effect("a map over datasets tells of them, and they of it", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const datasets = yield* Datasets
      yield* dataset("roads")
      yield* dataset("rails")
      const map = yield* maps.create({ tables: ["roads", "rails"], name: "Ways", tags: ["traffic"] })
      assert.deepStrictEqual(
        [map.name, map.type, map.privacy, map.tags, map.related_tables?.map(({ name }) => name)],
        ["Ways", "derived", "PRIVATE", ["traffic"], ["roads", "rails"]]
      )
      const read = yield* maps.get("Ways", { include: ["permission", "user", "stats", "liked"] })
      assert.deepStrictEqual([read.id, read.user?.username, read.liked, read.table], [map.id, "alice", false, null])
      assert.strictEqual(Object.keys(read.stats ?? {}).length, 30)
      // The list has milliseconds, the detail none.
      assert.strictEqual(read.created_at.epochMilliseconds, Math.floor(map.created_at.epochMilliseconds / 1000) * 1000)
      assert.deepStrictEqual(
        (yield* datasets.dependents("roads")).changed.map(({ name }) => name),
        ["Ways"]
      )
    })
  )

  it.effect("lists every map once, page by page", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      yield* Effect.forEach(["List C", "List A", "List B"], (name) => maps.create({ name, privacy: "PUBLIC" }))
      const listed = yield* Stream.runCollect(
        maps.list({ search: "List", pageSize: 1, orderBy: "name", direction: "asc" })
      )
      assert.deepStrictEqual(
        listed.map(({ name }) => name),
        ["List A", "List B", "List C"]
      )
      const tagged = yield* Stream.runCollect(maps.list({ tags: ["nothing"] }))
      assert.deepStrictEqual(tagged, [])
    })
  )

  it.effect("a wrong key is refused where the server would be silent, and no key sees what is public", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      yield* maps.create({ name: "Open", privacy: "PUBLIC" })
      yield* maps.create({ name: "Shut", privacy: "PRIVATE" })
      const listed = Effect.flatMap(Visualizations, (maps) => Stream.runCollect(maps.list({ pageSize: 100 })))
      const reason = yield* reasonOf(as(Redacted.make("WRONG"))(listed))
      assert.strictEqual(reason._tag, "AuthError")
      const names = (yield* as(undefined)(listed)).map(({ name }) => name)
      assert.deepStrictEqual([names.includes("Open"), names.includes("Shut")], [true, false])
    })
  )

  it.effect("a password opens a map", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const password = Redacted.make("sesame")
      const { id } = yield* maps.create({ name: "Secret", privacy: "PUBLIC" })
      assert.strictEqual((yield* maps.update(id, { privacy: "PASSWORD", password })).privacy, "PASSWORD")
      const get = (options?: { readonly password: Redacted.Redacted }) =>
        as(undefined)(Effect.flatMap(Visualizations, (maps) => maps.get(id, options)))
      assert.strictEqual((yield* reasonOf(get())).status, 403)
      assert.strictEqual((yield* get({ password })).name, "Secret")
    })
  )

  it.effect("an update changes what is given, a copy is a map of its own, and a dataset is not deleted as a map", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const { id } = yield* dataset("kept")
      const map = yield* maps.create({ tables: ["kept"], name: "Original", description: "first" })
      const changed = yield* maps.update(map.id, { title: "T", description: null })
      assert.deepStrictEqual([changed.name, changed.title, changed.description], ["Original", "T", null])
      const copy = yield* maps.create({ source: map.id })
      assert.deepStrictEqual([copy.name, copy.title], ["Original copy", "T"])
      assert.notStrictEqual((yield* reasonOf(maps.delete(id)))._tag, "NotFoundError")
      yield* maps.delete(map.id)
      assert.strictEqual((yield* reasonOf(maps.get(map.id)))._tag, "NotFoundError")
      assert.strictEqual((yield* maps.get(copy.id)).name, "Original copy")
    })
  )

  it.effect("the plan refuses a privacy", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const { plan } = yield* Emulator
      const map = yield* maps.create({ name: "Planned", privacy: "PUBLIC" })
      yield* plan.set({ privateMaps: false })
      const reason = yield* reasonOf(maps.update(map.id, { privacy: "PRIVATE" }))
      yield* plan.set({ privateMaps: true })
      assert.deepStrictEqual([reason.status, reason.message.includes("Privacy cannot be set to private")], [403, true])
    })
  )
})
