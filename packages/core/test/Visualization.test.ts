import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Cause, DateTime, Exit, Schema } from "effect"
import * as Permission from "../src/Permission.ts"
import * as Table from "../src/Table.ts"
import * as Visualization from "../src/Visualization.ts"
import * as examples from "./examples.ts"

const decode = Schema.decodeUnknownSync(Visualization.Visualization)

describe("Visualization", () => {
  it("decodes an element of a list, with all that can be asked for", () => {
    const one = decode(examples.listed)
    assert.strictEqual(one.id, examples.listed.id)
    assert.strictEqual(one.privacy, "LINK")
    assert.strictEqual(one.table?.privacy, "PUBLIC")
    assert.strictEqual(one.table?.row_count, 340)
    assert.deepStrictEqual(one.stats, { "2019-03-04": 0, "2019-03-05": 17 })
    assert.strictEqual(one.permission?.acl?.[0]?.entity.username, "bob")
    assert.isNull(one.synchronization)
    assert.isFalse(Visualization.isPublicForm(one))
  })

  it("decodes a single read, whose instants have another form", () => {
    const one = decode(examples.detail)
    assert.strictEqual(DateTime.formatIso(one.created_at), "2019-04-02T09:31:10.000Z")
    assert.deepStrictEqual(one.related_tables, [])
    assert.deepStrictEqual(one.permission?.acl, [])
  })

  it("decodes an empty object as none, where there could be one", () => {
    const one = decode(examples.map)
    assert.isNull(one.table)
    assert.isNull(one.external_source)
    assert.deepStrictEqual(one.stats, {})
  })

  it("decodes the form for strangers, and knows it", () => {
    const one = decode(examples.publicListed)
    assert.isTrue(Visualization.isPublicForm(one))
    assert.isUndefined(one.locked)
    assert.isUndefined(one.permission?.acl)
    assert.strictEqual(one.table?.name, '"public".cities')
  })

  it("decodes a synchronization in each of the four forms of an instant", () => {
    const one = decode({ ...examples.detail, synchronization: examples.synchronization })
    assert.strictEqual(one.synchronization?.interval, 3600)
    assert.isTrue(one.synchronization?.ran_at != null && DateTime.isDateTime(one.synchronization.ran_at))
  })

  it("decodes sizes beyond 32 bits, words and members that nobody knows yet", () => {
    const one = decode({
      ...examples.detail,
      type: "hologram",
      privacy: "SECRET",
      kind: "voxel",
      novelty: { a: [1] },
      external_source: { size: 5_000_000_000, row_count: null, geometry_types: ["ST_Point"] },
      table: { ...examples.detail.table, size: 5_000_000_000, row_count: null }
    })
    assert.strictEqual(one.type, "hologram")
    assert.strictEqual(one.table?.size, 5_000_000_000)
    assert.strictEqual(one.external_source?.size, 5_000_000_000)
    assert.isFalse("novelty" in one)
  })

  it("decodes what a dataset of the Data Observatory has beside the others", () => {
    const one = decode({
      ...examples.detail,
      sample: {},
      subscription: { id: "carto-do.acme.towns", expires_at: null }
    })
    assert.isNull(one.sample)
    assert.deepStrictEqual(one.subscription, { id: "carto-do.acme.towns", expires_at: null })
  })

  it("decodes a description of 100 KB", () => {
    const description = "é".repeat(100_000)
    assert.strictEqual(decode({ ...examples.detail, description }).description, description)
  })

  it("decodes dependent maps by their summaries, and the datasets of a map", () => {
    const one = decode({
      ...examples.detail,
      dependent_visualizations_count: 1,
      dependent_visualizations: examples.tableDetail.dependent_visualizations,
      related_canonical_visualizations: [examples.detail],
      related_canonical_visualizations_count: 1,
      user: examples.owner
    })
    assert.strictEqual(one.dependent_visualizations?.[0]?.name, "Stations map")
    assert.strictEqual(one.related_canonical_visualizations?.[0]?.name, "stations")
    assert.strictEqual(one.user?.username, "alice")
  })
})

describe("Table", () => {
  it("decodes columns with their simplified types", () => {
    const table = Schema.decodeUnknownSync(Table.Table)(examples.tableDetail)
    assert.deepStrictEqual(table.schema[4], ["the_geom", "geometry", "geometry", "point"])
    assert.strictEqual(table.privacy, "LINK")
    assert.strictEqual(table.table_visualization?.name, "stations")
    assert.strictEqual(table.dependent_visualizations[0]?.permission?.owner?.username, "alice")
  })
})

describe("Permission", () => {
  const decode = Schema.decodeUnknownSync(Permission.Permission)

  it("decodes the whole and the reduced form", () => {
    assert.strictEqual(decode(examples.permission).acl?.length, 1)
    assert.isUndefined(decode({ id: examples.permission.id, owner: examples.publicOwner }).acl)
  })

  it("decodes entries of organizations and groups", () => {
    const { acl } = decode({
      ...examples.permission,
      acl: [
        { type: "org", entity: { id: "e0", name: "acme", avatar_url: null }, access: "r" },
        { type: "group", entity: { id: "e1", name: "planners" }, access: "n" }
      ]
    })
    assert.deepStrictEqual(
      acl?.map(({ entity, type }) => [type, entity.name]),
      [
        ["org", "acme"],
        ["group", "planners"]
      ]
    )
  })
})

describe("objects that are not what they should be", () => {
  type Path = ReadonlyArray<string>

  const paths = (value: unknown, at: Path = []): ReadonlyArray<Path> =>
    typeof value === "object" && value !== null
      ? [at, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...at, key]))]
      : [at]

  const mutated = (value: unknown, [key, ...rest]: Path, replacement: unknown): unknown => {
    if (key === undefined) return replacement
    const entries = Object.entries(value as object).flatMap(([name, inner]) => {
      if (name !== key) return [[name, inner] as const]
      const changed = mutated(inner, rest, replacement)
      return changed === undefined ? [] : [[name, changed] as const]
    })
    return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
  }

  const cases = [
    ["Visualization", Schema.decodeUnknownExit(Visualization.Visualization), examples.listed],
    ["Table", Schema.decodeUnknownExit(Table.Table), examples.tableDetail],
    ["Permission", Schema.decodeUnknownExit(Permission.Permission), examples.permission]
  ] as const

  for (const [name, exitOf, example] of cases) {
    it.prop(
      `a mutated ${name} is decoded or refused, and never a defect`,
      [
        Arbitrary.schema(Schema.Literals(paths(example).map((path) => path.join("/")))),
        Arbitrary.schema(Schema.Union([Schema.Json, Schema.Undefined, Schema.String]))
      ],
      ([path, replacement]) => {
        const at = path === "" ? [] : path.split("/")
        const exit: Exit.Exit<unknown, unknown> = exitOf(mutated(example, at, replacement))
        assert.isFalse(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      }
    )
  }
})
