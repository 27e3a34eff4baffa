import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Feature } from "../src/maps/mvt/readFeatures.ts"
import { cascade } from "../src/maps/render/cartocss/cascade.ts"
import { show } from "../src/maps/render/cartocss/evaluate.ts"
import { readStylesheet } from "../src/maps/render/cartocss/readStylesheet.ts"

const read = (style: string) => Result.getOrThrow(readStylesheet(style, "style0"))
const feature = (properties: Feature["properties"], kind: 1 | 2 | 3 = 1): Feature => ({
  shape: { kind, parts: [] },
  properties,
  row: 1
})

/** What is drawn of a feature, in order. */
const drawn = (style: string, properties: Feature["properties"] = {}, zoom = 5, kind: 1 | 2 | 3 = 1) =>
  cascade(read(style), zoom).flatMap(({ symbolizers }) =>
    symbolizers(feature(properties, kind)).flatMap((symbolizer) =>
      [...symbolizer.properties].map(([name, value]) => `${name}: ${show(value)}`)
    )
  )

const value = (text: string) => drawn(`#l { line-color: ${text} }`)[0]?.slice("line-color: ".length)

describe("CartoCSS", () => {
  it("reads colours in all forms", () => {
    const forms = [
      ["#f60", "#ff6600"],
      ["#FF6600", "#ff6600"],
      ["#ff660080", "rgba(255, 102, 0, 0.5019607843137255)"],
      ["CornflowerBlue", "#6495ed"],
      ["transparent", "rgba(0, 0, 0, 0)"],
      ["rgb(10, 20, 30)", "#0a141e"],
      ["rgb(100%, 0%, 50%)", "#ff0080"],
      ["rgba(10, 20, 30, .5)", "rgba(10, 20, 30, 0.5)"],
      ["hsl(120, 100%, 25%)", "#008000"],
      ["hsla(0, 100%, 50%, 0.2)", "rgba(255, 0, 0, 0.2)"]
    ] as const
    for (const [text, color] of forms) assert.strictEqual(value(text), color)
  })

  it("computes with colours and numbers", () => {
    const sums = [
      ["lighten(#800000, 25%)", "#ff0000"],
      ["darken(red, 25%)", "#800000"],
      ["fadeout(red, 40%)", "rgba(255, 0, 0, 0.6)"],
      ["fadein(rgba(255, 0, 0, 0.5), 0.5)", "#ff0000"],
      ["spin(red, 120)", "#00ff00"],
      ["desaturate(red, 100%)", "#808080"],
      ["greyscale(red)", "#808080"],
      ["mix(red, blue, 50%)", "#800080"],
      ["#111111 * 2", "#222222"],
      ["#800000 + #000080", "#800080"]
    ] as const
    for (const [text, color] of sums) assert.strictEqual(value(text), color)
    assert.deepStrictEqual(drawn("@w: 2; #l { line-width: (@w + 1) * 2 - 6/4 }"), ["line-width: 4.5"])
  })

  it("prefers more filters, then what is told later", () => {
    const style = `
      /* a comment { */
      #l { line-width: 1; line-color: red }
      #l[a = 1] { line-width: 3 } // another
      #l { line-width: 2; }
      #l[a = 1][b != 'x'] { line-width: 4 }`
    assert.deepStrictEqual(drawn(style, { a: 0, b: "y" }), ["line-width: 2", "line-color: #ff0000"])
    assert.deepStrictEqual(drawn(style, { a: 1, b: "x" }), ["line-width: 3", "line-color: #ff0000"])
    assert.deepStrictEqual(drawn(style, { a: 1, b: null }), ["line-width: 4", "line-color: #ff0000"])
  })

  it("draws symbolizers in the order in which they are told, attachments one after another", () => {
    const style = `#l { ::under { line-width: 9 } marker-width: 1; line-width: 1; two/line-width: 2 } #l::over { line-width: 3 }`
    assert.deepStrictEqual(drawn(style), [
      "line-width: 9",
      "marker-width: 1",
      "line-width: 1",
      "line-width: 2",
      "line-width: 3"
    ])
  })

  it("compares columns, zooms and kinds of geometries", () => {
    const passes = (filter: string, properties: Feature["properties"] = {}, zoom = 5, kind: 1 | 2 | 3 = 1) =>
      drawn(`#l${filter} { line-width: 1 }`, properties, zoom, kind).length === 1
    assert.isTrue(
      passes("[a >= 2]", { a: 2 }) && passes("[a < -1.5]", { a: -2 }) && passes('["my col" = true]', { "my col": true })
    )
    assert.isTrue(passes("[a = null]", { a: null }) && passes("[name =~ 'San.*']", { name: "Santiago" }))
    assert.isFalse(
      passes("[a > 1]", { a: "2" }) || passes("[a > 1]", { a: null }) || passes("[name =~ 'San']", { name: "Santa" })
    )
    assert.isTrue(passes("[zoom >= 5][zoom < 6]") && !passes("[zoom = 4]"))
    assert.isTrue(
      passes("['mapnik::geometry_type' = 3]", {}, 5, 3) && !passes("['mapnik::geometry_type' = 3]", {}, 5, 2)
    )
  })

  it("knows the columns that it needs", () => {
    const { columns } = read(
      "#l['mapnik::geometry_type' = 1][zoom > 3][a > 1] { marker-width: [b] / 2; text-name: \"[c] + ' m'\" }"
    )
    assert.deepStrictEqual([...columns].toSorted(), ["a", "b", "c"])
  })

  it("tells faults with their place", () => {
    const faults = [
      ["#l { line-width: 1 ", "style0:1:19 missing closing `}`"],
      ["}", "style0:1:1 missing opening `{`"],
      ["#l { line-width }", "style0:1:5 Invalid code: line-width "],
      ["#l { line-color: lighten(3) }", "style0:1:17 incorrect arguments given to lighten()"],
      ["@a: @b; @b: @a;\n#l { line-width: @a }", "style0:1:4 variable @b is undefined"]
    ] as const
    for (const [style, message] of faults) {
      const fault = Result.getFailure(readStylesheet(style, "style0"))
      assert.strictEqual(fault._tag === "Some" ? fault.value.message : "", message)
    }
  })
})
