import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { plan } from "../../src/observatory/EnrichmentPlan.ts"
import type { EnrichmentRequest } from "../../src/observatory/EnrichmentRequest.ts"
import { slugOf } from "../../src/observatory/entities.ts"

const states = "carto-do-public-data.local.small_states"
const malta = "carto-do-public-data.local.malta_population"
const [area, name] = [`${states}.area`, `${states}.name`]

const request = (change: Partial<EnrichmentRequest>): EnrichmentRequest => ({
  type: "polygons",
  input: "shops",
  variables: [area],
  output: "out",
  ...change
})

const planned = (change: Partial<EnrichmentRequest>) => plan(request(change), ["id", "geom"])

describe("EnrichmentPlan", () => {
  const outputs: ReadonlyArray<readonly [string, Partial<EnrichmentRequest>, ReadonlyArray<string>]> = [
    ["polygons have each variable's own aggregation", {}, ["sum_area FLOAT"]],
    ["points have none", { type: "points" }, ["area INTEGER"]],
    ["points have one that is asked for", { type: "points", aggregation: "default" }, ["sum_area FLOAT"]],
    ["null is none", { aggregation: null }, ["area INTEGER"]],
    ["one word is for all", { aggregation: "max" }, ["max_area INTEGER"]],
    [
      "a variable's own wins",
      { variables: [{ id: area, aggregation: "avg" }], aggregation: "max" },
      ["avg_area FLOAT"]
    ],
    [
      "a variable may have several",
      { aggregation: { [area]: ["min", "COUNT"] } },
      ["min_area INTEGER", "count_area INTEGER"]
    ],
    ["a slug is as good", { variables: [slugOf(area)], aggregation: { [slugOf(area)]: "min" } }, ["min_area INTEGER"]],
    ["one that is not named keeps its own", { aggregation: { [name]: "min" } }, ["sum_area FLOAT"]]
  ]
  for (const [fact, change, expected] of outputs) {
    it(fact, () => {
      const sources = Result.getOrThrow(planned(change))
      assert.deepStrictEqual(
        sources.flatMap(({ outputs }) => outputs.map(({ name, type }) => `${name} ${type}`)),
        expected
      )
    })
  }

  it("each dataset is read once", () => {
    const variables = [area, { id: `${malta}.population` }, `${states}.population`] as const
    const sources = Result.getOrThrow(
      planned({ variables, aggregation: { [`${malta}.population`]: "max" }, filters: { [name]: "= 'x'" } })
    )
    assert.deepStrictEqual(
      sources.map(({ dataset, filters }) => [dataset.id, filters.length]),
      [
        [states, 1],
        [malta, 0]
      ]
    )
  })

  const errors: ReadonlyArray<readonly [Partial<EnrichmentRequest>, ReadonlyArray<string>]> = [
    [{ variables: ["x", "y"] }, ["unknown variable x", "unknown variable y"]],
    [{ variables: [name] }, [`variable ${name} has no aggregation of its own`]],
    [{ variables: [name], aggregation: "sum" }, [`SUM needs numbers, and variable ${name} is STRING`]],
    [{ aggregation: "median" }, ["unknown aggregation median; there are SUM, AVG, MIN, MAX, COUNT"]],
    [
      { variables: [area, { id: name, aggregation: null }] },
      [`of the variables of ${states} all have to be aggregated, or none`]
    ],
    [{ aggregation: { area: "max" } }, ["unknown variable area"]],
    [{ variables: [area, area] }, ["there would be two columns sum_area"]],
    [{ filters: { [`${malta}.area`]: "> 1" } }, [`a filter on ${malta}.area needs a variable of its dataset`]],
    [{ filters: { [area]: "= 1; select 2" } }, [`the filter on ${area} is not one condition`]]
  ]
  for (const [change, expected] of errors) {
    it(`is refused: ${expected[0]}`, () => {
      const result = planned(change)
      assert.deepStrictEqual(Result.isFailure(result) ? result.failure : [], expected)
    })
  }

  it("a column that the dataset has already is refused", () => {
    const result = plan(request({ type: "points", variables: [name] }), ["id", "name"])
    assert.deepStrictEqual(Result.isFailure(result) ? result.failure : [], ["there would be two columns name"])
  })
})
