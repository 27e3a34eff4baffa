import { afterAll, assert, beforeAll, describe, it, vi } from "@effect/vitest"
import { parse } from "../../src/preview/page/cartocss.js"
import { drawingsOf } from "../../src/preview/page/style.js"

describe("the preview's CartoCSS", () => {
  it("rules keep conditions, zoom levels, attachments and order", () => {
    const css = `@red: #f00; /* why */
      #a[kind = 'x; {y}'] { line-color: @red; // not this: }
        [zoom >= 5][pop > 10] { line-width: 3 }
        ::case { line-width: 5; } }`
    assert.deepStrictEqual(parse(css), [
      {
        attachment: "",
        filters: [{ column: "kind", op: "=", value: "x; {y}" }],
        zooms: [],
        props: { "line-color": "#f00" },
        order: 0
      },
      {
        attachment: "",
        filters: [
          { column: "kind", op: "=", value: "x; {y}" },
          { column: "pop", op: ">", value: 10 }
        ],
        zooms: [{ column: "zoom", op: ">=", value: 5 }],
        props: { "line-width": "3" },
        order: 1
      },
      {
        attachment: "case",
        filters: [{ column: "kind", op: "=", value: "x; {y}" }],
        zooms: [],
        props: { "line-width": "5" },
        order: 2
      }
    ])
  })

  it("commas make several selectors, and Map draws no feature", () => {
    const rules = parse("Map { background-color: #fff; } #a[x=1,2], #a[x=3] { marker-width: 2; }")
    assert.deepStrictEqual(
      rules.map(({ filters }) => filters),
      [[{ column: "x", op: "=", value: "1,2" }], [{ column: "x", op: "=", value: 3 }]]
    )
  })

  it("text that is cut off or no CartoCSS ends, too", () => {
    for (const css of ["", "}", "#a {", "#a { marker-width: ", "}}}", "#a { [ }", "'", "a:b"]) parse(css)
  })
})

describe("the preview's style", () => {
  // Which texts are colors, only browsers know.
  beforeAll(() => {
    vi.stubGlobal("CSS", { supports: (_: string, text: string) => /^(#[\da-f]+|red)$/.test(text) })
  })
  afterAll(() => {
    vi.unstubAllGlobals()
  })

  const draw = (cartocss: string | null) => drawingsOf({ index: 0, cartocss })

  it("more conditions win, then what comes later", () => {
    const [circle] = draw("#a { marker-width: 4; [p > 10] { marker-width: 8; } [p > 20] { marker-width: 12; } }")
    const over = (limit: number) => ["all", ["all", ["has", "p"], [">", ["to-number", ["get", "p"]], limit]]]
    assert.deepStrictEqual(circle?.paint["circle-radius"], ["case", over(20), 6, over(10), 4, 2])
  })

  it("zoom levels become steps, one less than CARTO's", () => {
    const [circle] = draw("#a { marker-width: 4; [zoom >= 5] { marker-width: 8; } [zoom = 9] { marker-width: 10; } }")
    assert.deepStrictEqual(circle?.paint["circle-radius"], ["step", ["zoom"], 2, 4, 4, 8, 5, 9, 4])
  })

  it("only the symbols of the style are drawn, all of them without a style", () => {
    const kinds = (cartocss: string | null) => draw(cartocss).map(({ type }) => type)
    assert.deepStrictEqual(kinds("#a { line-width: 1; }"), ["line"])
    assert.deepStrictEqual(kinds("#a { polygon-fill: red; line-color: red; }"), ["fill", "line"])
    assert.deepStrictEqual(kinds(null), ["fill", "line", "circle"])
    assert.deepStrictEqual(kinds("#a { text-name: [name]; }"), ["fill", "line", "circle"])
  })

  it("attachments are passes of their own", () => {
    const ids = draw("#a { line-width: 1; ::casing { line-width: 3; } }").map(({ id }) => id)
    assert.deepStrictEqual(ids, ["0//line", "0/casing/line"])
  })

  it("features that no rule styles are not seen", () => {
    const [circle] = draw("#a[x = 1] { marker-fill-opacity: 0.5; }")
    assert.deepStrictEqual(circle?.paint["circle-opacity"], [
      "*",
      ["case", ["all", ["==", ["get", "x"], 1]], 1, 0],
      ["case", ["all", ["==", ["get", "x"], 1]], 0.5, 1]
    ])
  })
})
