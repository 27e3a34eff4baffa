import { assert, describe, it } from "@effect/vitest"
import { datasets } from "../../src/observatory/entities.ts"
import { type Filter, find, list, type MetadataEntity } from "../../src/observatory/metadata.ts"

const ids = (entity: MetadataEntity, filters: Partial<Record<Filter, string>> = {}) => {
  const asked = new Map<Filter, ReadonlyArray<string>>()
  for (const [name, value] of Object.entries(filters)) asked.set(name as Filter, [value])
  return list(entity, asked).map(({ id }) =>
    id.replace(/^carto-do(-public-data)?\.local\./, (_, isPublic) => (isPublic ? "" : "$"))
  )
}

describe("metadata", () => {
  const cases: ReadonlyArray<readonly [MetadataEntity, Partial<Record<Filter, string>>, ReadonlyArray<string>]> = [
    ["countries", {}, ["glo", "mlt"]],
    ["countries", { category: "points_of_interest" }, ["glo"]],
    ["categories", {}, ["demographics", "points_of_interest"]],
    ["categories", { country: "mlt" }, ["demographics"]],
    ["providers", {}, ["local"]],
    ["datasets", {}, ["capitals", "malta_population", "small_states", "$small_states"]],
    ["datasets", { country: "mlt" }, ["malta_population"]],
    ["datasets", { country: "glo", category: "demographics" }, ["small_states", "$small_states"]],
    ["datasets", { geography: "carto-do-public-data.local.small_states_points" }, ["capitals"]],
    ["datasets", { variable: "carto-do.local.small_states.density" }, ["$small_states"]],
    ["datasets", { country: "usa" }, []],
    ["geographies", {}, ["malta_islands", "small_states_outlines", "small_states_points"]],
    ["geographies", { dataset: "carto-do.local.small_states" }, ["small_states_outlines"]],
    ["variables", { dataset: "carto-do-public-data.local.capitals" }, ["capitals.capital", "capitals.geoid"]],
    [
      "variables",
      { variable_group: "carto-do-public-data.local.small_states.size" },
      ["small_states.area", "small_states.population"]
    ],
    ["variables_groups", { dataset: "carto-do.local.small_states" }, ["$small_states.size"]],
    ["variables_groups", { category: "points_of_interest" }, []]
  ]
  for (const [entity, filters, expected] of cases) {
    it(`${entity} of ${JSON.stringify(filters)}`, () => assert.deepStrictEqual(ids(entity, filters), expected))
  }

  it("finds by id and by slug", () => {
    for (const { id } of datasets) {
      const found = find("datasets", id)
      assert.strictEqual(found?.id, id)
      assert.deepStrictEqual(find("datasets", String(found?.slug)), found)
    }
    assert.isUndefined(find("datasets", "carto-do.local.nothing"))
    assert.isUndefined(find("variables", "carto-do.local.small_states"))
  })

  it("gives each slug to one only", () => {
    const entities = ["datasets", "geographies", "variables", "variables_groups"] as const
    const slugs = entities.flatMap((entity) => list(entity, new Map()).map(({ slug }) => slug))
    assert.lengthOf(new Set(slugs), slugs.length)
  })
})
