import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Stream } from "effect"
import { Visualizations } from "../src/Visualizations.ts"
import * as examples from "./examples.ts"
import type { Reply } from "./HttpMock.ts"
import { asked, nothing, page, reasonOf, type Script, seen, sent, served } from "./platform.ts"

const layer = (script: Script, options?: { readonly key?: string; readonly readOnly?: boolean }) =>
  served(Visualizations.layer(options), script, options?.key)

const numbered = (i: number) => ({
  ...examples.map,
  id: `aa6b2f5e-2b1c-4c53-8b0e-${String(i).padStart(12, "0")}`,
  name: `Map ${i}`
})
const publicPage: Reply = { body: { visualizations: [examples.publicListed], total_entries: 1 } }

const list = Effect.flatMap(Visualizations, (maps) => Stream.runCollect(maps.list()))
const mapId = examples.map.id

describe("Visualizations.list", () => {
  it.effect("asks for maps, without what makes lists slow, page by page as they are pulled", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const first = yield* maps.list().pipe(Stream.take(2), Stream.runCollect)
      assert.deepStrictEqual(
        first.map(({ name }) => name),
        ["Map 1", "Map 2"]
      )
      assert.deepStrictEqual(yield* asked, [
        "GET /api/v1/viz?types=derived&per_page=100&show_auth_tokens=false&show_liked=false&show_permission=false&show_stats=false&show_synchronization=false&show_table=false&show_table_size_and_row_count=false&show_uses_builder_features=false&page=1"
      ])
      assert.lengthOf(yield* Stream.runCollect(maps.list()), 3)
      assert.deepStrictEqual(
        (yield* seen).slice(1).map(({ url }) => [new URL(url).searchParams.get("page"), url.includes("load_totals")]),
        [
          ["1", false],
          ["2", true],
          ["3", true]
        ]
      )
    }).pipe(
      Effect.provide(
        layer(({ url }) => {
          const number = new URL(url).searchParams.get("page")
          return page(number === "1" ? [numbered(1), numbered(2)] : number === "2" ? [numbered(3)] : [], 3)
        })
      )
    )
  )

  it.effect("sends filters, order and what is to be included", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      yield* Stream.runDrain(
        maps.list({
          types: ["derived", "kuviz"],
          search: "a & b",
          tags: ["x", "y"],
          privacy: "PASSWORD",
          locked: false,
          shared: "only",
          liked: true,
          displayNamed: true,
          published: true,
          orderBy: ["privacy", "name"],
          direction: ["asc", "desc"],
          include: ["stats", "permission"],
          dependents: 3,
          pageSize: 10
        })
      )
      const parameters = Object.fromEntries(new URL((yield* seen)[0]?.url ?? "").searchParams)
      assert.deepStrictEqual(parameters, {
        types: "derived,kuviz",
        per_page: "10",
        order: "privacy,name",
        order_direction: "asc,desc",
        q: "a & b",
        tags: "x,y",
        privacy: "password",
        locked: "false",
        shared: "only",
        only_liked: "true",
        only_with_display_name: "true",
        only_published: "true",
        with_dependent_visualizations: "3",
        show_auth_tokens: "false",
        show_liked: "false",
        show_synchronization: "false",
        show_table: "false",
        show_table_size_and_row_count: "false",
        show_uses_builder_features: "false",
        page: "1"
      })
    }).pipe(Effect.provide(layer([page([])])))
  )

  it.effect("gives each map once though rows move between the pages", () =>
    Effect.gen(function* () {
      const names = (yield* list).map(({ name }) => name)
      assert.deepStrictEqual(names.sort(), ["Map 1", "Map 2", "Map 3"])
    }).pipe(
      Effect.provide(
        // Somebody deletes a map of the first page before the second one is read: the third slips to the first.
        layer((_, i) =>
          i === 0
            ? page([numbered(0), numbered(1)].slice(1).concat(numbered(2)), 4)
            : i === 2
              ? page([numbered(1), numbered(2), numbered(3)], 3)
              : page([], 3)
        )
      )
    )
  )

  it.effect("a key that the server did not recognize is an AuthError, not a list of what is public", () =>
    Effect.gen(function* () {
      const reason = yield* reasonOf(list)
      assert.strictEqual(reason._tag, "AuthError")
      assert.include(reason.message, "did not recognize the key")
      assert.include(reason.advice, "master key")
    }).pipe(Effect.provide(layer([publicPage])))
  )

  it.effect("a key that expires between two pages is an AuthError", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* reasonOf(list))._tag, "AuthError")
      assert.lengthOf(yield* seen, 3)
    }).pipe(Effect.provide(layer((_, i) => (i === 0 ? page([numbered(1)], 2) : publicPage))))
  )

  for (const key of ["", "default_public"]) {
    it.effect(`lists what is public ${key === "" ? "without a key" : `with the key ${key}`}`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(
          (yield* list).map(({ name }) => name),
          ["cities"]
        )
      }).pipe(
        Effect.provide(
          layer((_, i) => (i === 0 ? publicPage : { body: { visualizations: [], total_entries: 1 } }), { key })
        )
      )
    )
  }

  it.effect("fails with the server's words where a parameter is wrong", () =>
    Effect.gen(function* () {
      const reason = yield* reasonOf(list)
      assert.strictEqual(reason._tag, "ValidationError")
      assert.include(reason.message, "Wrong 'order' parameter value")
    }).pipe(
      Effect.provide(
        layer([{ status: 400, body: { error: "Wrong 'order' parameter value. Valid values are one of [:name]" } }])
      )
    )
  )
})

describe("Visualizations.get", () => {
  it.effect("reads by id, with what is asked for", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const map = yield* maps.get(mapId, {
        include: ["permission", "user", "related_canonical_visualizations"],
        dependents: 2,
        password: Redacted.make("open sesame")
      })
      assert.strictEqual(map.name, "Stations map")
      assert.deepStrictEqual(yield* asked, [
        `GET /api/v1/viz/${mapId}?show_permission=true&fetch_user=true&fetch_related_canonical_visualizations=true&with_dependent_visualizations=2&password=open+sesame`
      ])
    }).pipe(Effect.provide(layer([{ body: examples.map }])))
  )

  it.effect("reads by any name, through a search for that very name", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const name = "a/b? .. 50% ☃ v1.2"
      assert.strictEqual((yield* maps.get(name)).id, mapId)
      const [search, , read] = yield* seen
      assert.strictEqual(new URL(search?.url ?? "").searchParams.get("q"), name)
      assert.include(read?.url, `/api/v1/viz/${mapId}`)
    }).pipe(
      Effect.provide(
        layer(({ url }) =>
          url.includes("page=1")
            ? page([numbered(1), { ...examples.map, name: "a/b? .. 50% ☃ v1.2" }, numbered(2)])
            : url.includes("page=")
              ? page([], 3)
              : { body: examples.map }
        )
      )
    )
  )

  it.effect("a name that nothing has is a NotFoundError", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const reason = yield* reasonOf(maps.get("Map"))
      assert.strictEqual(reason._tag, "NotFoundError")
      assert.include(reason.message, '"Map"')
    }).pipe(Effect.provide(layer((_, i) => (i === 0 ? page([numbered(1)]) : page([], 1)))))
  )

  it.effect("a name that two have is refused, with their ids", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const reason = yield* reasonOf(maps.delete("Twin"))
      assert.strictEqual(reason._tag, "ValidationError")
      assert.include(reason.message, numbered(1).id)
      assert.include(reason.message, numbered(2).id)
      assert.isFalse((yield* asked).some((request) => request.startsWith("DELETE")))
    }).pipe(
      Effect.provide(
        layer((_, i) => (i === 0 ? page([1, 2].map((n) => ({ ...numbered(n), name: "Twin" }))) : page([], 2)))
      )
    )
  )

  it.effect("an id of another account is a NotFoundError in the server's words", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const reason = yield* reasonOf(maps.get(mapId))
      assert.strictEqual(reason._tag, "NotFoundError")
      assert.strictEqual(reason.message, "Visualization of that user does not exist")
    }).pipe(
      Effect.provide(
        layer([{ status: 404, body: { errors: "Visualization of that user does not exist", errors_cause: null } }])
      )
    )
  )

  const notViewable: Reply = { status: 403, body: { errors: "Visualization not viewable", errors_cause: null } }

  it.effect("a 403 to a key that the server does not recognize says so", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const reason = yield* reasonOf(maps.get(mapId))
      assert.strictEqual(reason._tag, "AuthError")
      assert.include(reason.message, "did not recognize the key")
    }).pipe(Effect.provide(layer((_, i) => (i === 0 ? notViewable : publicPage))))
  )

  it.effect("a 403 to a good key stays what the server said", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const reason = yield* reasonOf(maps.get(mapId))
      assert.strictEqual(reason._tag, "AuthError")
      assert.strictEqual(reason.message, "Visualization not viewable")
    }).pipe(Effect.provide(layer((_, i) => (i === 0 ? notViewable : page([])))))
  )

  it.effect("a map with a password says that it needs it, and never repeats the one it was given", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const reason = yield* reasonOf(maps.get(mapId, { password: Redacted.make("open sesame") }))
      assert.strictEqual(reason._tag, "AuthError")
      assert.include(reason.advice, "password")
      assert.include(reason.message, "<redacted>")
      assert.notInclude(JSON.stringify(reason), "sesame")
    }).pipe(
      Effect.provide(
        layer((_, i) =>
          i > 0
            ? page([])
            : {
                status: 403,
                body: {
                  errors: "not viewable with open sesame",
                  errors_cause: "privacy_password",
                  visualization: { privacy: "password", user: {} }
                }
              }
        )
      )
    )
  )

  it.effect("the short form is an AuthError only where the key is not recognized", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      assert.strictEqual((yield* reasonOf(maps.get(mapId)))._tag, "AuthError")
      assert.strictEqual((yield* maps.get(mapId)).name, "cities")
    }).pipe(
      Effect.provide(layer((_, i) => (i === 1 ? publicPage : i === 3 ? page([]) : { body: examples.publicListed })))
    )
  )
})

describe("Visualizations.definition", () => {
  it.effect("is the document for front ends, whatever is in it", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      assert.deepStrictEqual(yield* maps.definition(mapId), { version: "3.0.0", layers: [{ type: "CartoDB" }] })
      yield* maps.definition(mapId, { version: 2 })
      assert.deepStrictEqual(yield* asked, [`GET /api/v3/viz/${mapId}/viz`, `GET /api/v2/viz/${mapId}/viz`])
    }).pipe(Effect.provide(layer([{ body: { version: "3.0.0", layers: [{ type: "CartoDB" }] } }])))
  )
})

describe("Visualizations.create", () => {
  it.effect("makes maps over datasets, from another, or empty ones", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      yield* maps.create({ tables: ["stations", "bob.other"], name: "Both" })
      yield* maps.create({ source: mapId })
      yield* maps.create({ name: "Empty", privacy: "PUBLIC" })
      assert.deepStrictEqual(yield* sent, [
        { name: "Both", tables: ["stations", "bob.other"] },
        { source_visualization_id: mapId },
        { name: "Empty", privacy: "PUBLIC", type: "derived" }
      ])
    }).pipe(Effect.provide(layer([{ body: examples.map }])))
  )
})

describe("Visualizations.update", () => {
  it.effect("sends what changes and the id, and can clear a text", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const after = yield* maps.update(mapId, { name: "Renamed", description: null, tags: [], license: undefined })
      assert.strictEqual(after.name, "Renamed")
      assert.deepStrictEqual(yield* sent, [{ name: "Renamed", description: null, tags: [], id: mapId }])
      assert.strictEqual((yield* asked)[1], `PUT /api/v1/viz/${mapId}`)
    }).pipe(
      Effect.provide(
        layer(({ method }) => ({ body: method === "GET" ? examples.map : { ...examples.map, name: "Renamed" } }))
      )
    )
  )

  it.effect("a name that the server silently kept is an error", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const reason = yield* reasonOf(maps.update(mapId, { name: "Other" }))
      assert.strictEqual(reason._tag, "ValidationError")
      assert.include(reason.message, 'kept the name "Stations map"')
      assert.include(reason.advice, '"Other"')
    }).pipe(Effect.provide(layer([{ body: examples.map }])))
  )

  it.effect("privacy PASSWORD needs a password, and sends it", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      assert.strictEqual((yield* reasonOf(maps.update(mapId, { privacy: "PASSWORD" })))._tag, "ValidationError")
      assert.lengthOf(yield* seen, 0)
      yield* maps.update(mapId, { privacy: "PASSWORD", password: Redacted.make("sesame") })
      assert.deepStrictEqual(yield* sent, [{ privacy: "PASSWORD", password: "sesame", id: mapId }])
    }).pipe(Effect.provide(layer([{ body: examples.map }])))
  )

  const refusals: ReadonlyArray<readonly [Reply, string, RegExp]> = [
    [{ status: 403, body: " " }, "AuthError", /viewers may not/],
    [{ status: 403, body: { errors: ["Privacy over account private map quota"] } }, "QuotaError", /plan/],
    [{ status: 400, body: { errors: ["Error updating"] } }, "ValidationError", /Correct/],
    [nothing, "NotFoundError", /Check/],
    [{ status: 401, body: " " }, "AuthError", /Check that the key/]
  ]
  for (const [reply, tag, advice] of refusals) {
    it.effect(`a refusal with ${reply.status} and ${JSON.stringify(reply.body)} is a ${tag}`, () =>
      Effect.gen(function* () {
        const maps = yield* Visualizations
        const reason = yield* reasonOf(maps.update(mapId, { title: "t" }))
        assert.strictEqual(reason._tag, tag)
        assert.match(reason.advice, advice)
      }).pipe(Effect.provide(layer(({ method }) => (method === "GET" ? { body: examples.map } : reply))))
    )
  }
})

describe("Visualizations.delete", () => {
  it.effect("deletes a map", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      yield* maps.delete(mapId)
      assert.strictEqual((yield* asked)[1], `DELETE /api/v1/viz/${mapId}`)
    }).pipe(Effect.provide(layer(({ method }) => (method === "GET" ? { body: examples.map } : { status: 204 }))))
  )

  it.effect("refuses the id of a dataset, whose table would go", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      const reason = yield* reasonOf(maps.delete(examples.detail.id))
      assert.strictEqual(reason._tag, "ValidationError")
      assert.lengthOf(yield* seen, 1)
    }).pipe(Effect.provide(layer([{ body: examples.detail }])))
  )

  it.effect("one that somebody else deleted meanwhile is a NotFoundError", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      assert.strictEqual((yield* reasonOf(maps.delete(mapId)))._tag, "NotFoundError")
    }).pipe(Effect.provide(layer(({ method }) => (method === "GET" ? { body: examples.map } : nothing))))
  )

  it.effect("a client that only reads changes nothing", () =>
    Effect.gen(function* () {
      const maps = yield* Visualizations
      for (const change of [
        Effect.asVoid(maps.create({ name: "a" })),
        Effect.asVoid(maps.update(mapId, { title: "b" })),
        maps.delete(mapId)
      ]) {
        assert.strictEqual((yield* reasonOf(change))._tag, "ValidationError")
      }
      assert.isTrue((yield* seen).every(({ method }) => method === "GET"))
    }).pipe(Effect.provide(layer([{ body: examples.map }], { readOnly: true })))
  )
})
