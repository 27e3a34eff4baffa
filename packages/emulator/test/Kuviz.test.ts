import { assert, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Emulator } from "../src/Emulator.ts"
import { basic, json, send } from "./http.ts"

const ask = Effect.fnUntraced(function* (method: string, path: string, body?: object, key?: string) {
  const { masterKey, url } = yield* Emulator
  const api_key = key ?? Redacted.value(masterKey)
  return yield* send(`${url}/api/v4/kuviz${path}${path.includes("?") ? "&" : "?"}api_key=${api_key}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
})

const page = (text: string) => `<html><body>${text}</body></html>`
const base64 = (text: string) => Buffer.from(text).toString("base64")

const create = (name: string, more: object = {}) =>
  Effect.map(ask("POST", "", { name, data: base64(page(name)), ...more }), (answer) => {
    assert.strictEqual(answer.status, 200, answer.text)
    return json(answer)
  })

const names = (query: string) =>
  Effect.map(ask("GET", `?${query}`), (answer) => json(answer).visualizations.map(({ name }: { name: string }) => name))

it.layer(Emulator.layerTest, { timeout: "2 minutes", excludeTestServices: true })("Kuviz", (it) => {
  it.effect("a page is kept, told without its content, and served at its url", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator
      const kuviz = yield* create("report")
      assert.deepStrictEqual(Object.keys(kuviz), ["id", "name", "privacy", "created_at", "updated_at", "url"])
      assert.strictEqual(kuviz.url, `${url}/kuviz/${kuviz.id}`)
      assert.match(kuviz.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      const shown = yield* send(kuviz.url)
      assert.deepStrictEqual(
        [shown.status, shown.headers["content-type"], shown.text],
        [200, "text/html; charset=utf-8", page("report")]
      )
      assert.strictEqual((yield* ask("GET", `/${kuviz.id}`)).status, 404)
      const gone = yield* ask("DELETE", `/${kuviz.id}`)
      assert.deepStrictEqual([gone.status, gone.text], [204, ""])
      assert.strictEqual((yield* send(kuviz.url)).status, 404)
      const again = yield* ask("DELETE", `/${kuviz.id}`)
      assert.deepStrictEqual([again.status, again.text], [404, " "])
    })
  )

  it.effect("a password makes it private, and opens it", () =>
    Effect.gen(function* () {
      const kuviz = yield* create("secret", { password: "sesame", privacy: "public" })
      assert.strictEqual(kuviz.privacy, "password")
      const enter = (password: string) =>
        send(kuviz.url, {
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: `password=${password}`
        })
      assert.strictEqual((yield* send(kuviz.url)).status, 403)
      assert.strictEqual((yield* enter("wrong")).status, 403)
      assert.strictEqual((yield* enter("sesame")).text, page("secret"))

      const open = json(yield* ask("PUT", `/${kuviz.id}`, { privacy: "public" }))
      assert.strictEqual(open.privacy, "public")
      assert.strictEqual((yield* send(kuviz.url)).status, 200)
      const closed = json(yield* ask("PUT", `/${kuviz.id}`, { privacy: "password", password: "other" }))
      assert.strictEqual(closed.privacy, "password")
      const half = yield* ask("PUT", `/${kuviz.id}`, { privacy: "password" })
      assert.deepStrictEqual(
        [half.status, json(half)],
        [400, { error: "Changing privacy to protected should come along with the password param" }]
      )
    })
  )

  it.effect("a second one of a name is refused, or replaces the newest and destroys the others", () =>
    Effect.gen(function* () {
      const first = yield* create("twin")
      const twice = yield* ask("POST", "", { name: "twin", data: base64(page("2")) })
      assert.deepStrictEqual(
        [twice.status, json(twice)],
        [400, { error: "Validation failed: Name has already been taken" }]
      )
      const replaced = yield* create("twin", { if_exists: "replace", data: base64(page("3")) })
      assert.strictEqual(replaced.id, first.id)
      assert.strictEqual((yield* send(first.url)).text, page("3"))
      assert.deepStrictEqual(yield* names("q=twin"), ["twin"])
    })
  )

  it.effect("renaming destroys a namesake unless that is to fail", () =>
    Effect.gen(function* () {
      const a = yield* create("a one")
      const b = yield* create("b one")
      const kept = yield* ask("PUT", `/${a.id}`, { name: "b one", if_exists: "fail" })
      assert.strictEqual(kept.status, 400)
      assert.deepStrictEqual(yield* names("q=one&order=name&order_direction=asc"), ["a one", "b one"])
      const renamed = json(yield* ask("PUT", `/${a.id}`, { name: "b one" }))
      assert.strictEqual(renamed.id, a.id)
      assert.strictEqual((yield* send(b.url)).status, 404)
      assert.deepStrictEqual(yield* names("q=one"), ["b one"])
    })
  )

  it.effect("the list is ordered by several columns, filtered, and cut into pages", () =>
    Effect.gen(function* () {
      for (const name of ["list x", "list y"]) yield* create(name)
      yield* create("list z", { password: "sesame" })
      assert.deepStrictEqual(yield* names("q=list&order=privacy,name&order_direction=asc,desc"), [
        "list z",
        "list y",
        "list x"
      ])
      assert.deepStrictEqual(yield* names("q=LIST&privacy=public&order=name&order_direction=asc"), ["list x", "list y"])
      const second = json(yield* ask("GET", "?q=list&per_page=2&page=2"))
      assert.deepStrictEqual([second.visualizations.length, second.total_entries], [1, 3])
      for (const query of ["tags=a", "locked=true", "shared=only"]) assert.deepStrictEqual(yield* names(query), [])
      for (const query of ["order=size", "page=0", "order_direction=up"]) {
        const wrong = yield* ask("GET", `?${query}`)
        assert.deepStrictEqual([wrong.status, Object.keys(json(wrong))], [400, ["error"]])
      }
    })
  )

  it.effect("what is wrong with a page is told", () =>
    Effect.gen(function* () {
      const data = base64(page(""))
      const cases = [
        [{ name: "x" }, "missing data parameter"],
        [{ data }, "missing name parameter"],
        [{ name: "x", data: "<html>" }, "data parameter must be encoded in base64"],
        [{ name: "x", data: `${data.slice(0, 4)}\n${data.slice(4)}` }, "data parameter must be encoded in base64"],
        [{ name: "x", data: base64("text") }, "data parameter must be HTML"],
        [{ name: "x", data, privacy: "link" }, 'privacy mode not allowed. Allowed ones are ["public", "password"]'],
        [{ name: "x", data: "A".repeat(10 * 1024 * 1024) }, "Visualization over the size limit (10MB)"]
      ] as const
      for (const [body, error] of cases) {
        const answer = yield* ask("POST", "", body)
        assert.deepStrictEqual([answer.status, json(answer)], [400, { error }])
      }
      const collision = yield* ask("POST", "", { name: "x", data, if_exists: "keep" })
      assert.deepStrictEqual(
        [collision.status, json(collision)],
        [
          400,
          {
            errors: "Wrong 'if_exists' parameter value. Valid values are one of fail, replace",
            errors_cause: null
          }
        ]
      )
    })
  )

  it.effect("the public ones are limited by the plan", () =>
    Effect.gen(function* () {
      const { plan } = yield* Emulator
      yield* plan.set({ publicMapQuota: 0 })
      const over = yield* ask("POST", "", { name: "over", data: base64(page("")) })
      assert.deepStrictEqual(
        [over.status, json(over)],
        [402, { errors: "Public map quota exceeded", errors_cause: null }]
      )
      yield* plan.set({ publicMapQuota: undefined })
    })
  )

  it.effect("only the master key as a parameter will do", () =>
    Effect.gen(function* () {
      const { masterKey, url } = yield* Emulator
      for (const [key, status] of [
        ["wrong", 401],
        ["", 401],
        ["default_public", 403]
      ] as const) {
        assert.strictEqual((yield* ask("GET", "", undefined, key)).status, status)
      }
      const headers = basic("alice", Redacted.value(masterKey))
      const header = yield* send(`${url}/api/v4/kuviz`, { headers })
      assert.deepStrictEqual([header.status, json(header).errors_cause], [403, null])
      const body = JSON.stringify({ api_key: Redacted.value(masterKey), name: "by body", data: base64(page("")) })
      const made = yield* send(`${url}/api/v4/kuviz`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body
      })
      assert.strictEqual(made.status, 200)
    })
  )

  it.effect("deleting takes any visualization's id: the table of a dataset is dropped", () =>
    Effect.gen(function* () {
      const { masterKey, url } = yield* Emulator
      const sql = (q: string) =>
        Effect.map(send(`${url}/api/v2/sql?${new URLSearchParams({ q, api_key: Redacted.value(masterKey) })}`), json)
      yield* sql("CREATE TABLE victim (a int); SELECT CDB_CartodbfyTable('victim')")
      const list = yield* send(`${url}/api/v1/viz?type=table&api_key=${Redacted.value(masterKey)}`)
      const [{ id }] = json(list).visualizations
      assert.strictEqual((yield* ask("DELETE", `/${id}`)).status, 204)
      assert.deepStrictEqual((yield* sql("SELECT * FROM victim")).error, ['relation "victim" does not exist'])
      assert.strictEqual((yield* ask("DELETE", "/NOT-A-UUID")).status, 404)
    })
  )
})
