import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { PermissionId } from "../src/Permission.ts"
import { type Grant, Permissions } from "../src/Permissions.ts"
import * as examples from "./examples.ts"
import type { Reply, Seen } from "./HttpMock.ts"
import { asked, page, reasonOf, type Script, seen, sent, served } from "./platform.ts"

const layer = (script: Script, options?: { readonly readOnly?: boolean }) => served(Permissions.layer(options), script)

const bob = { type: "user", id: examples.bob.id } as const
const acme = { type: "org", id: "e0e1e2e3-0000-4000-8000-000000000002" } as const
const id = PermissionId.make(examples.permission.id)
const dataset = { ...examples.detail, permission: examples.permission }

/** A server that keeps what it is sent. */
const keeping = ({ body, method }: Seen): Reply => {
  if (method === "GET") return { body: dataset }
  const { acl } = JSON.parse(body) as { acl: ReadonlyArray<Grant & { readonly entity: object }> }
  return {
    body: {
      ...examples.permission,
      acl: acl.map((entry) => ({ ...entry, entity: { ...examples.bob, ...entry.entity } }))
    }
  }
}

describe("Permissions", () => {
  it.effect("get reads who a dataset is shared with", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      const permission = yield* permissions.get("stations")
      assert.strictEqual(permission.acl?.[0]?.entity.username, "bob")
      assert.deepStrictEqual(yield* asked, ["GET /api/v1/viz/stations?show_permission=true"])
    }).pipe(Effect.provide(layer(keeping)))
  )

  it.effect("get finds a name with a dot by a search, because the server would split it", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      yield* permissions.get('"v1.2"')
      assert.strictEqual((yield* asked).at(-1), `GET /api/v1/viz/${dataset.id}?show_permission=true`)
    }).pipe(
      Effect.provide(
        layer(({ url }) =>
          url.includes(dataset.id)
            ? { body: dataset }
            : page(url.includes("page=1") ? [{ ...dataset, name: "v1.2" }] : [], 1)
        )
      )
    )
  )

  it.effect("get refuses the reduced form, in which no grant is shown", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      const reason = yield* reasonOf(permissions.get("stations"))
      assert.strictEqual(reason._tag, "AuthError")
      assert.include(reason.advice, "owner")
    }).pipe(
      Effect.provide(
        layer([{ body: { ...dataset, permission: { id: examples.permission.id, owner: examples.publicOwner } } }])
      )
    )
  )

  it.effect("set replaces all grants, with ids and nothing else in their entities", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      yield* permissions.set(id, [
        { ...bob, access: "rw" },
        { ...acme, access: "r" }
      ])
      yield* permissions.set(id, [])
      assert.deepStrictEqual(yield* sent, [
        {
          acl: [
            { type: "user", entity: { id: bob.id }, access: "rw" },
            { type: "org", entity: { id: acme.id }, access: "r" }
          ]
        },
        { acl: [] }
      ])
      assert.strictEqual((yield* asked)[0], `PUT /api/v1/perm/${id}`)
    }).pipe(Effect.provide(layer(keeping)))
  )

  it.effect("share adds a grant beside the others, and changes one that is there", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      yield* permissions.share("stations", acme, "r")
      yield* permissions.share("stations", bob, "rw")
      yield* permissions.share("stations", bob, "r")
      assert.deepStrictEqual(yield* sent, [
        {
          acl: [
            { type: "user", entity: { id: bob.id }, access: "r" },
            { type: "org", entity: { id: acme.id }, access: "r" }
          ]
        },
        { acl: [{ type: "user", entity: { id: bob.id }, access: "rw" }] }
      ])
    }).pipe(Effect.provide(layer(keeping)))
  )

  it.effect("share refuses to let maps be written", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      const reason = yield* reasonOf(permissions.share(examples.map.id, bob, "rw"))
      assert.strictEqual(reason._tag, "ValidationError")
      assert.lengthOf(yield* sent, 0)
    }).pipe(Effect.provide(layer([{ body: { ...examples.map, permission: examples.permission } }])))
  )

  it.effect("revoke takes one grant away, and sends nothing where there is none", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      yield* permissions.revoke("stations", acme)
      assert.lengthOf(yield* sent, 0)
      const permission = yield* permissions.revoke("stations", bob)
      assert.deepStrictEqual(permission.acl, [])
      assert.deepStrictEqual(yield* sent, [{ acl: [] }])
    }).pipe(Effect.provide(layer(keeping)))
  )

  it.effect("a grant of a kind that nobody knows is not taken away by the way", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      assert.strictEqual((yield* reasonOf(permissions.share("stations", acme, "r")))._tag, "ValidationError")
      assert.strictEqual((yield* reasonOf(permissions.revoke("stations", bob)))._tag, "ValidationError")
      assert.lengthOf(yield* sent, 0)
    }).pipe(
      Effect.provide(
        layer([
          {
            body: {
              ...dataset,
              permission: { ...examples.permission, acl: [{ type: "robot", entity: { id: "r2" }, access: "x" }] }
            }
          }
        ])
      )
    )
  )

  it.effect("a grant that the server dropped is an error", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      const reason = yield* reasonOf(permissions.share("stations", acme, "r"))
      assert.strictEqual(reason._tag, "ValidationError")
      assert.include(reason.message, acme.id)
    }).pipe(Effect.provide(layer(({ method }) => ({ body: method === "GET" ? dataset : examples.permission }))))
  )

  const refusals: ReadonlyArray<readonly [Reply, string, RegExp]> = [
    [{ status: 401, body: " " }, "AuthError", /owner/],
    [{ status: 404, body: " " }, "NotFoundError", /Check/],
    [{ status: 400, body: " " }, "ValidationError", /ids/],
    [{ status: 422, body: { status: "422", error: "Unprocessable Entity" } }, "ValidationError", /viewers/],
    [{ status: 500, body: { status: "500", error: "Internal Server Error" } }, "ValidationError", /viewers/]
  ]
  for (const [reply, tag, advice] of refusals) {
    it.effect(`a refusal with ${reply.status} is a ${tag}`, () =>
      Effect.gen(function* () {
        const permissions = yield* Permissions
        const reason = yield* reasonOf(permissions.set(id, [{ ...bob, access: "r" }]))
        assert.strictEqual(reason._tag, tag)
        assert.strictEqual(reason.status, reply.status)
        assert.match(reason.advice, advice)
        assert.lengthOf(yield* seen, 1)
      }).pipe(Effect.provide(layer([reply])))
    )
  }

  it.effect("grantables come page by page", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      const found = yield* Stream.runCollect(permissions.grantables(acme.id, { search: "b", orderBy: "name" }))
      assert.deepStrictEqual(
        found.map(({ name }) => name),
        ["bob"]
      )
      assert.strictEqual(
        (yield* asked)[0],
        `GET /api/v1/organization/${acme.id}/grantables?page=1&per_page=100&q=b&order=name`
      )
    }).pipe(
      Effect.provide(
        layer(({ url }) => ({
          body: {
            grantables: url.includes("page=1&")
              ? [{ id: bob.id, type: "user", name: "bob", avatar_url: null, model: examples.bob }]
              : [],
            total_entries: 1
          }
        }))
      )
    )
  )

  it.effect("a client that only reads shares nothing", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      assert.strictEqual((yield* reasonOf(permissions.share("stations", acme, "r")))._tag, "ValidationError")
      assert.lengthOf(yield* sent, 0)
    }).pipe(Effect.provide(layer(keeping, { readOnly: true })))
  )
})
