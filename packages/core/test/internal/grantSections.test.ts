import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Grants from "../../src/ApiKeyGrants.ts"
import { grantSections } from "../../src/internal/grantSections.ts"

const Table = Schema.Struct({
  schema: Schema.optionalKey(Schema.String),
  name: Schema.String,
  permission: Schema.Literals(["select", "insert", "update", "delete"])
})

const Picks = Schema.Array(
  Schema.Union([
    Table,
    Schema.Literals(["sql", "maps", "dataObservatory", "tableMetadata", "profile"]),
    Schema.Struct({ service: Schema.Literals(["geocoding", "routing"]) }),
    Schema.Struct({ creates: Schema.NullOr(Schema.String) }),
    Schema.Struct({ dataset: Schema.String })
  ])
)

const { dataObservatory, maps, profile, sql, tableMetadata } = Grants
const constants = { dataObservatory, maps, profile, sql, tableMetadata }

const toGrant = (pick: (typeof Picks.Type)[number]): Grants.ApiKeyGrant => {
  if (typeof pick === "string") return constants[pick]
  if ("permission" in pick) return Grants.table(pick, pick.permission)
  if ("service" in pick) return Grants.dataservices(pick.service)
  return "dataset" in pick ? Grants.datasets(pick.dataset) : Grants.creates(pick.creates ?? undefined)
}

const isDistinct = (values: ReadonlyArray<unknown>) =>
  new Set(values.map((value) => JSON.stringify(value))).size === values.length

describe("grantSections", () => {
  it.effect.prop(
    "makes one section of a kind at most, with each table and word once, whatever is granted and how it is nested",
    { picks: Picks, cut: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 })) },
    Effect.fnUntraced(function* ({ cut, picks }) {
      const grants = picks.map(toGrant)
      const nested = [Grants.all(...grants.slice(0, cut), Grants.all()), ...grants.slice(cut)]
      const sections = yield* grantSections("Test.grants", nested, Effect.succeed("alice"))
      assert.deepStrictEqual(sections, yield* grantSections("Test.grants", grants, Effect.succeed("alice")))
      assert.strictEqual(sections[0]?.type, "apis")
      assert.isTrue(isDistinct(sections.map(({ type }) => type)))
      for (const section of sections) {
        for (const value of Object.values(section)) if (Array.isArray(value)) assert.isTrue(isDistinct(value))
      }
      const [database] = sections.filter(({ type }) => type === "database")
      const tables = Array.isArray(database?.tables) ? database.tables : []
      for (const pick of picks) {
        if (typeof pick === "string" || !("permission" in pick)) continue
        const found = tables.filter(({ name, schema }) => name === pick.name && schema === (pick.schema ?? "alice"))
        assert.lengthOf(found, 1)
        assert.include(found[0].permissions, pick.permission)
      }
    })
  )
})
