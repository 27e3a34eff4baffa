import { assert, it } from "@effect/vitest"
import { ApiKeyGrants, ApiKeys, CartoError, Datasets, Kuviz, KuvizPage, Sql } from "@effect-carto/core"
import { Effect, Layer, Redacted, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { connected } from "./layer.ts"

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })

const html = (text: string) => `<!DOCTYPE html><html><body>${text} – ä € 🗺</body></html>`
const password = Redacted.make("open sesame")

const visit = (url: string, form?: Readonly<Record<string, string>>) =>
  Effect.promise(async () => {
    const answer = await fetch(url, form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) })
    return await answer.text()
  })

const layer = connected().pipe(Layer.provideMerge(Emulator.layer()), Layer.provide(PgliteDatabase.layer()))

it.layer(layer, { timeout: "2 minutes", excludeTestServices: true })("Kuviz against the emulator", (it) => {
  it.effect("a page is made, looked at, changed, protected, opened again and deleted", () =>
    Effect.gen(function* () {
      const kuviz = yield* Kuviz
      const made = yield* kuviz.create("report", html("first"))
      assert.deepStrictEqual([made.name, made.privacy], ["report", "public"])
      assert.include(yield* visit(made.url), "first – ä € 🗺")
      assert.deepStrictEqual(yield* kuviz.get(made.id), made)

      const renamed = yield* kuviz.update(made.id, { name: 'Ä "report", 100%' })
      assert.deepStrictEqual([renamed.id, renamed.name, renamed.privacy], [made.id, 'Ä "report", 100%', "public"])
      yield* kuviz.update(made.id, { html: new TextEncoder().encode(html("second")) })
      assert.include(yield* visit(made.url), "second – ä € 🗺")

      const closed = yield* kuviz.update(made.id, { password })
      assert.strictEqual(closed.privacy, "password")
      assert.notInclude(yield* visit(made.url), "second")
      // A name alone leaves the protection as it is.
      assert.strictEqual((yield* kuviz.update(made.id, { name: "kept" })).privacy, "password")
      assert.strictEqual((yield* kuviz.update(made.id, { password: null })).privacy, "public")
      assert.include(yield* visit(made.url), "second")

      yield* kuviz.delete(made.id)
      assert.strictEqual((yield* reasonOf(kuviz.get(made.id)))._tag, "NotFoundError")
      assert.strictEqual((yield* reasonOf(kuviz.delete(made.id)))._tag, "NotFoundError")
    })
  )

  it.effect("no page of the same name is replaced unless that is asked for", () =>
    Effect.gen(function* () {
      const kuviz = yield* Kuviz
      const first = yield* kuviz.create("first", html("1"))
      const second = yield* kuviz.create("second", html("2"), { password })
      const taken = yield* reasonOf(kuviz.create("first", html("3")))
      assert.deepStrictEqual(
        [taken._tag, taken.message],
        ["ValidationError", "Validation failed: Name has already been taken"]
      )
      assert.include(taken.advice, "Choose another name")
      assert.strictEqual((yield* reasonOf(kuviz.update(second.id, { name: "first" })))._tag, "ValidationError")
      assert.strictEqual((yield* kuviz.get(first.id)).name, "first")

      const replaced = yield* kuviz.create("first", html("3"), { ifExists: "replace" })
      assert.strictEqual(replaced.id, first.id)
      yield* kuviz.update(second.id, { name: "first", ifExists: "replace" })
      const left = yield* Stream.runCollect(kuviz.list())
      assert.deepStrictEqual(
        left.map(({ id }) => id),
        [second.id]
      )
      yield* kuviz.delete(second.id)
    })
  )

  it.effect("pages are listed by name and by privacy, more than a page of them, while one vanishes", () =>
    Effect.gen(function* () {
      const kuviz = yield* Kuviz
      const names = Array.from({ length: 102 }, (_, i) => `page ${String(i).padStart(3, "0")}`)
      const made = yield* Effect.forEach(names, (name, i) =>
        kuviz.create(name, html(name), i === 7 ? { password } : undefined)
      )
      const first = made[0]
      assert.isDefined(first)
      let isGone = false
      const all = yield* kuviz.list({ orderBy: "name", direction: "asc" }).pipe(
        Stream.tap(() => {
          if (isGone) return Effect.void
          isGone = true
          return kuviz.delete(first.id)
        }),
        Stream.runCollect
      )
      assert.deepStrictEqual(all.map(({ name }) => name).toSorted(), names)
      const found = yield* Stream.runCollect(kuviz.list({ search: "page 09", orderBy: "name", direction: "desc" }))
      assert.deepStrictEqual([found.length, found[0]?.name], [10, "page 099"])
      const closed = yield* Stream.runCollect(kuviz.list({ privacy: "password" }))
      assert.deepStrictEqual(
        closed.map(({ name }) => name),
        ["page 007"]
      )
    })
  )

  it.effect("the id of a dataset deletes nothing", () =>
    Effect.gen(function* () {
      const kuviz = yield* Kuviz
      const sql = yield* Sql
      yield* sql.execute(sql.unsafe("create table stations (name text); select cdb_cartodbfytable('stations')"))
      const { id } = yield* Effect.flatMap(Datasets, (datasets) => datasets.get("stations"))
      assert.strictEqual((yield* reasonOf(kuviz.delete(KuvizPage.KuvizId.make(id))))._tag, "NotFoundError")
      assert.lengthOf((yield* sql.query()`select * from stations`).rows, 0)
    })
  )

  it.effect("what is no page, or too large, is not sent; the plan's limit is a QuotaError", () =>
    Effect.gen(function* () {
      const kuviz = yield* Kuviz
      const { plan } = yield* Emulator
      assert.include((yield* reasonOf(kuviz.create("a", "<p>"))).message, "<html>")
      const large = yield* reasonOf(kuviz.create("a", html("x".repeat(8 * 1024 * 1024))))
      assert.deepStrictEqual([large._tag, large.status], ["ValidationError", undefined])
      const most = yield* kuviz.create("large", html("x".repeat(7.4 * 1024 * 1024)))
      yield* kuviz.delete(most.id)
      yield* plan.set({ publicMapQuota: 0 })
      assert.strictEqual((yield* reasonOf(kuviz.create("a", html("a"))))._tag, "QuotaError")
      yield* plan.set({ publicMapQuota: undefined })
    })
  )

  it.effect("another key than the master's is refused, and told why", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      const { url } = yield* Emulator
      const { token } = yield* keys.create("viewer", [ApiKeyGrants.sql])
      for (const [key, status] of [
        [token, 403],
        [Redacted.make("wrong"), 401]
      ] as const) {
        const reason = yield* Effect.provide(
          reasonOf(Effect.flatMap(Kuviz, (kuviz) => Stream.runCollect(kuviz.list()))),
          Layer.fresh(connected({ url, apiKey: key }))
        )
        assert.deepStrictEqual([reason._tag, reason.status], ["AuthError", status])
        assert.include(reason.advice, "master key")
      }
    })
  )
})
