import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema, Stream } from "effect"
import { Kuviz } from "../src/Kuviz.ts"
import { KuvizId, KuvizPage } from "../src/KuvizPage.ts"
import { kuviz as example } from "./fixtures/account.ts"
import type { Reply, Seen } from "./HttpMock.ts"
import { mutations } from "./mutations.ts"
import { asked, reasonOf, type Script, seen, sent, served } from "./platform.ts"

const layer = (script: Script, options?: { readonly readOnly?: boolean }) => served(Kuviz.layer(options), script)

const id = KuvizId.make(example.id)
const html = "<!DOCTYPE html><html><body>ä 🗺</body></html>"
const password = Redacted.make("open sesame")

/** A server with one page. */
const holding = ({ method, url }: Seen): Reply => {
  if (method === "DELETE") return { status: 204 }
  if (method !== "GET") return { body: example }
  return { body: { visualizations: url.includes("page=1&") ? [example] : [], total_entries: 1 } }
}

describe("KuvizPage", () => {
  it("decodes the reference's example", () => {
    const page = Schema.decodeUnknownSync(KuvizPage)(example)
    assert.deepStrictEqual([page.name, page.privacy], ["report", "password"])
    assert.strictEqual(page.updated_at?.epochMilliseconds, Date.UTC(2019, 6, 1, 10, 5))
  })

  it.effect.prop(
    "decodes whatever else a server tells, or leaves out",
    [mutations(example, ["created_at", "updated_at"], ["privacy", "name", "url"])],
    ([value]) => Effect.asVoid(Schema.decodeUnknownEffect(KuvizPage)(value))
  )
})

describe("Kuviz", () => {
  it.effect("shows the key as a parameter, which is where the server looks, and sends filters", () =>
    Effect.gen(function* () {
      const kuviz = yield* Kuviz
      const pages = yield* Stream.runCollect(
        kuviz.list({
          search: "a&b",
          tags: ["x", "y"],
          privacy: "public",
          locked: false,
          shared: "only",
          orderBy: "name",
          direction: "asc"
        })
      )
      assert.lengthOf(pages, 1)
      assert.strictEqual(
        (yield* asked)[0],
        "GET /api/v4/kuviz?page=1&per_page=100&q=a&b&tags=x,y&privacy=public&locked=false&shared=only&order=name&order_direction=asc&api_key=key-of-alice"
      )
      assert.isUndefined((yield* seen)[0]?.headers.authorization)
    }).pipe(Effect.provide(layer(holding)))
  )

  it.effect("create sends strict base64, the password, and what becomes of namesakes", () =>
    Effect.gen(function* () {
      const kuviz = yield* Kuviz
      yield* kuviz.create("report", html)
      yield* kuviz.create("report", new TextEncoder().encode(html), { password, ifExists: "replace" })
      const data = Buffer.from(html).toString("base64")
      assert.deepStrictEqual(yield* sent, [
        { name: "report", data, if_exists: "fail" },
        { name: "report", data, if_exists: "replace", password: "open sesame" }
      ])
    }).pipe(Effect.provide(layer(holding)))
  )

  it.effect("update sends what changes, and never lets the server replace by default", () =>
    Effect.gen(function* () {
      const kuviz = yield* Kuviz
      yield* kuviz.update(id, { name: "other" })
      yield* kuviz.update(id, { password })
      yield* kuviz.update(id, { password: null, html, ifExists: "replace" })
      assert.deepStrictEqual(yield* sent, [
        { name: "other", if_exists: "fail" },
        { privacy: "password", password: "open sesame", if_exists: "fail" },
        { data: Buffer.from(html).toString("base64"), privacy: "public", if_exists: "replace" }
      ])
    }).pipe(Effect.provide(layer(holding)))
  )

  it.effect("an id that is no page's is neither changed nor deleted", () =>
    Effect.gen(function* () {
      const kuviz = yield* Kuviz
      const other = KuvizId.make("0a6b2f5e-2b1c-4c53-8b0e-62c3f0f9a111")
      for (const call of [kuviz.get(other), kuviz.update(other, { name: "x" }), kuviz.delete(other)]) {
        const reason = yield* reasonOf(call)
        assert.deepStrictEqual([reason._tag, reason.message.includes(other)], ["NotFoundError", true])
      }
      assert.isTrue((yield* seen).every(({ method }) => method === "GET"))
      yield* kuviz.delete(id)
      assert.strictEqual((yield* asked).at(-1), `DELETE /api/v4/kuviz/${id}?api_key=key-of-alice`)
    }).pipe(Effect.provide(layer(holding)))
  )

  it.effect("finds a page that slipped to a page already read when another was deleted", () =>
    Effect.gen(function* () {
      const kuviz = yield* Kuviz
      const found = yield* Stream.runCollect(kuviz.list())
      assert.deepStrictEqual(found.map((page) => page.id).toSorted(), ["a", "b", "c"])
    }).pipe(
      Effect.provide(
        layer(({ url }, index) => {
          const page = (ids: ReadonlyArray<string>, total_entries: number) => ({
            body: { visualizations: ids.map((id) => ({ ...example, id })), total_entries }
          })
          if (index === 0) return page(["a", "b"], 3)
          return page(url.includes("page=1&") ? ["b", "c"] : [], 2)
        })
      )
    )
  )

  const e10 = (status: number, error: string): Reply => ({ status, body: { error } })
  const refusals: ReadonlyArray<readonly [Reply, string, string]> = [
    [e10(400, "missing data parameter"), "ValidationError", "missing data parameter"],
    [
      e10(400, "Visualization over the size limit (10MB)"),
      "ValidationError",
      "Visualization over the size limit (10MB)"
    ],
    [
      e10(400, "Validation failed: Name has already been taken"),
      "ValidationError",
      "Validation failed: Name has already been taken"
    ],
    [
      { status: 400, body: { errors: "Wrong 'if_exists' parameter value. Valid values are one of fail, replace" } },
      "ValidationError",
      "Wrong 'if_exists' parameter value. Valid values are one of fail, replace"
    ],
    [{ status: 401, body: " " }, "AuthError", "the key was refused"],
    [
      { status: 402, body: { errors: "Public map quota exceeded", errors_cause: null } },
      "QuotaError",
      "Public map quota exceeded"
    ],
    [{ status: 403, body: " " }, "AuthError", "not allowed"],
    [e10(500, "The kuviz can not be created"), "ServerError", "The kuviz can not be created"]
  ]
  for (const [reply, tag, message] of refusals) {
    it.effect(`a refusal with ${reply.status} ${message} is a ${tag}`, () =>
      Effect.gen(function* () {
        const kuviz = yield* Kuviz
        const reason = yield* reasonOf(kuviz.create("report", html))
        assert.deepStrictEqual([reason._tag, reason.status, reason.message], [tag, reply.status, message])
        assert.lengthOf(yield* seen, 1)
      }).pipe(Effect.provide(layer([reply])))
    )
  }

  it.effect("a password that the server repeats is in no error", () =>
    Effect.gen(function* () {
      const kuviz = yield* Kuviz
      for (const call of [kuviz.create("report", html, { password }), kuviz.update(id, { password })]) {
        const error = yield* Effect.flip(call)
        assert.strictEqual(error.reason._tag, "ValidationError")
        assert.notInclude(inspect(error, { depth: 9 }), "open sesame")
      }
    }).pipe(
      Effect.provide(layer((request) => (request.method === "GET" ? holding(request) : e10(400, "bad: open sesame"))))
    )
  )

  it.effect("what is no page, or too large, is not sent; nor anything by a client that only reads", () =>
    Effect.gen(function* () {
      const kuviz = yield* Kuviz
      const most = 10 * 1024 * 1024
      assert.include((yield* reasonOf(kuviz.create("report", "<body>"))).message, "<html>")
      assert.include((yield* reasonOf(kuviz.create("r", html.padEnd(most, " ")))).message, String(most))
      assert.include((yield* reasonOf(kuviz.update(id, { name: "x".repeat(most) }))).message, String(most))
      const reader = yield* Effect.provide(Kuviz, layer([], { readOnly: true }))
      for (const change of [reader.create("r", html), reader.update(id, {}), reader.delete(id)]) {
        assert.include((yield* reasonOf(change)).message, "only reads")
      }
      assert.lengthOf(yield* seen, 0)
    }).pipe(Effect.provide(layer(holding)))
  )
})
