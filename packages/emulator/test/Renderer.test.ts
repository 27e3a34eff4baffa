import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { FetchHttpClient, HttpClient, HttpClientResponse } from "effect/http"
import { resolution } from "../src/maps/Frame.ts"
import type { Feature } from "../src/maps/mvt/readFeatures.ts"
import { Renderer, type RenderLayer, type RenderOptions, unitsPerPixel } from "../src/maps/Renderer.ts"
import * as SkiaRenderer from "../src/maps/render/SkiaRenderer.ts"
import { difference, readPixels } from "./Pixels.ts"

const frame = { zoom: 5, west: 0, north: 0, width: 64, height: 64 }
const png: RenderOptions = { format: "png", scale: 1 }

const path = (...coordinates: ReadonlyArray<number>) => coordinates.map((pixel) => pixel * unitsPerPixel)
const feature = (shape: Feature["shape"], properties: Feature["properties"] = {}, row = 1) => ({
  shape,
  properties,
  row
})
const point = (x: number, y: number, properties?: Feature["properties"]) =>
  feature({ kind: 1, parts: [[path(x, y)]] }, properties)
const line = (...coordinates: ReadonlyArray<number>) => feature({ kind: 2, parts: [[path(...coordinates)]] })
const square = feature({
  kind: 3,
  parts: [[path(8, 8, 56, 8, 56, 56, 8, 56, 8, 8), path(24, 24, 24, 40, 40, 40, 40, 24, 24, 24)]]
})

const styled = (cartocss: string, ...features: ReadonlyArray<Feature>): RenderLayer => ({
  id: "layer0",
  type: "mapnik",
  options: { cartocss },
  features
})

const draw = Effect.fnUntraced(function* (layers: ReadonlyArray<RenderLayer>, options = png, own = frame) {
  const renderer = yield* Renderer
  return yield* renderer.draw(own, layers, options)
})

const pixels = (layers: ReadonlyArray<RenderLayer>, options = png, own = frame) =>
  Effect.map(draw(layers, options, own), readPixels)

const red = [255, 0, 0, 255]
const green = [0, 128, 0, 255]
const blue = [0, 0, 255, 255]
const nothing = [0, 0, 0, 0]

/** A PNG of one red pixel. */
const onePixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAABHNCSVQICAgIfAhkiAAAAAFzUkdCAK7OHOkAAAANSURBVAiZY/jPwPAfAAUAAf+rzjaJAAAAAElFTkSuQmCC"

it.layer(SkiaRenderer.layer.pipe(Layer.provide(FetchHttpClient.layer)), { excludeTestServices: true })(
  "Renderer",
  (it) => {
    describe("markers", () => {
      it.effect("are blue circles of ten pixels with a thin black line unless told", () =>
        Effect.gen(function* () {
          const { at, box } = yield* pixels([styled("#layer { marker-width: 10 }", point(32, 32))])
          assert.deepStrictEqual([at(32, 32), at(20, 32), at(29, 29)[2]], [blue, nothing, 255])
          assert.deepStrictEqual(box, [26, 26, 37, 37])
        })
      )

      it.effect("have the colour of the strongest rule that a feature passes", () =>
        Effect.gen(function* () {
          const style = `#layer { marker-fill: red; marker-line-width: 0;
            [kind = 'town'] { marker-fill: green }
            [population >= 100][population < 200] { marker-fill: #00f } }`
          const { at } = yield* pixels([
            styled(
              style,
              point(10, 10, { kind: "city", population: 5 }),
              point(30, 10, { kind: "town", population: null }),
              point(50, 10, { kind: "town", population: 150 })
            )
          ])
          assert.deepStrictEqual([at(10, 10), at(30, 10), at(50, 10)], [red, green, blue])
        })
      )

      it.effect("have values by the value of a column", () =>
        Effect.gen(function* () {
          const style = `#layer { marker-line-width: 0; marker-width: ramp([population], (4, 8, 12), (10, 20), >=);
            marker-fill: ramp([kind], (red, green, #00f), ("city", "town")) }`
          const { at } = yield* pixels([
            styled(
              style,
              point(10, 10, { kind: "city", population: 5 }),
              point(30, 10, { kind: "town", population: 10 }),
              point(50, 10, { kind: null, population: 25 })
            )
          ])
          assert.deepStrictEqual([at(10, 10), at(30, 10), at(50, 10)], [red, green, blue])
          assert.deepStrictEqual([at(13, 10), at(32, 10), at(35, 10), at(54, 10)], [nothing, green, nothing, blue])
        })
      )

      it.effect("that would overlap others are left out unless they may", () =>
        Effect.gen(function* () {
          const both = [point(20, 20), point(26, 20), point(50, 20)] as const
          const without = yield* pixels([styled("#l { marker-fill: red; marker-width: 10 }", ...both)])
          const allowed = yield* pixels([
            styled("#l { marker-fill: red; marker-width: 10; marker-allow-overlap: true }", ...both)
          ])
          assert.deepStrictEqual([without.at(29, 20), allowed.at(28, 20)], [nothing, red])
          assert.deepStrictEqual(without.at(50, 20), red)
        })
      )

      it.effect("are as wide as a column tells", () =>
        Effect.gen(function* () {
          const style = "#layer { marker-width: [size]; marker-line-width: 0; marker-fill: red }"
          const { box } = yield* pixels([styled(style, point(32, 32, { size: 40 }))])
          assert.deepStrictEqual(box, [12, 12, 51, 51])
        })
      )

      it.effect("stand in the middle of lines and inside polygons", () =>
        Effect.gen(function* () {
          const style = "#l { marker-fill: red; marker-width: 6; marker-placement: interior }"
          const onLine = yield* pixels([styled(style, line(0, 10, 40, 10))])
          const inside = yield* pixels([styled(style, square)])
          assert.deepStrictEqual([onLine.at(20, 10), inside.at(32, 32), inside.at(16, 32)], [red, nothing, red])
        })
      )
    })

    describe("lines", () => {
      it.effect("have width, colour and dashes", () =>
        Effect.gen(function* () {
          const style = "#l { line-color: rgb(255, 0, 0); line-width: 4; line-dasharray: 8, 8 }"
          const { at } = yield* pixels([styled(style, line(0, 32, 64, 32))])
          assert.deepStrictEqual(
            [at(4, 31), at(4, 33), at(12, 32), at(20, 32), at(4, 28)],
            [red, red, nothing, red, nothing]
          )
        })
      )

      it.effect("are drawn over each other by attachments and instances", () =>
        Effect.gen(function* () {
          const style = `#l { line-color: red; line-width: 12; a/line-width: 6; a/line-color: green;
            ::top { line-color: blue; line-width: 2 } }`
          const { at } = yield* pixels([styled(style, line(0, 32, 64, 32))])
          assert.deepStrictEqual([at(32, 27), at(32, 30), at(32, 32)], [red, green, blue])
        })
      )

      it.effect("are drawn at the zooms of their rules", () =>
        Effect.gen(function* () {
          const style =
            "@wide: 8; #l [zoom > 5] { line-color: red } #l [zoom<=5] { line-color: green; line-width: @wide / 2 }"
          const { at } = yield* pixels([styled(style, line(0, 32, 64, 32))])
          assert.deepStrictEqual([at(32, 31), at(32, 28)], [green, nothing])
        })
      )
    })

    describe("polygons", () => {
      it.effect("are filled but for their holes, and outlined", () =>
        Effect.gen(function* () {
          const style = "#l { polygon-fill: green; line-color: red; line-width: 2 }"
          const { at } = yield* pixels([styled(style, square)])
          assert.deepStrictEqual(
            [at(16, 16), at(32, 32), at(8, 30), at(24, 30), at(2, 2)],
            [green, nothing, red, red, nothing]
          )
        })
      )

      it.effect("let the background shine through", () =>
        Effect.gen(function* () {
          const style = "Map { background-color: #fff } #l { polygon-fill: black; polygon-opacity: 0.5 }"
          const { at } = yield* pixels([styled(style, square)])
          const [grey = 0] = at(16, 16)
          assert.deepStrictEqual(at(2, 2), [255, 255, 255, 255])
          assert.isTrue(Math.abs(grey - 128) <= 1)
        })
      )

      it.effect("are composed as asked for, alone and as a whole", () =>
        Effect.gen(function* () {
          const base = "Map { background-color: #ff0 }"
          const multiplied = yield* pixels([
            styled(`${base} #l { polygon-fill: #0ff; polygon-comp-op: multiply }`, square)
          ])
          const half = yield* pixels([styled("#l { polygon-fill: red; opacity: 0.5 }", square, square)])
          assert.deepStrictEqual([multiplied.at(16, 16), half.at(16, 16)[3]], [[0, 255, 0, 255], 128])
        })
      )
    })

    describe("labels", () => {
      it.effect("stand in the middle of their place, or away from it", () =>
        Effect.gen(function* () {
          const style = (more: string) => `#l { text-name: [name]; text-size: 12; text-fill: red; ${more} }`
          const place = point(32, 32, { name: "Ávila" })
          const middle = yield* pixels([styled(style(""), place)])
          const below = yield* pixels([styled(style("text-dy: 4"), place)])
          const [left, top, right, bottom] = middle.box
          assert.isTrue(Math.abs(left + right - 63) <= 4 && top > 22 && bottom < 42 && right - left > 25)
          assert.isAtLeast(below.box[1], 34)
        })
      )

      it.effect("have a halo, are wrapped, and are left out where there is no room or no text", () =>
        Effect.gen(function* () {
          const style =
            "#l { text-name: \"[name] + ' town'\"; text-halo-radius: 2; text-halo-fill: red; text-wrap-width: 30 }"
          const { box, drawn } = yield* pixels([styled(style, point(32, 32, { name: "Old" }))])
          const twice = yield* pixels([
            styled(style, point(32, 32, { name: "Old" }), point(34, 33, { name: "Another" }))
          ])
          const none = yield* pixels([styled("#l { text-name: [name] }", point(32, 32, { name: null }))])
          assert.isAbove(box[3] - box[1], 20)
          assert.deepStrictEqual([twice.drawn, none.drawn], [drawn, 0])
        })
      )
    })

    describe("images", () => {
      it.effect("are larger by their scale", () =>
        Effect.gen(function* () {
          const layers = [styled("#l { marker-fill: red; marker-width: 20 }", point(32, 32))]
          const { at, height, width } = yield* pixels(layers, { format: "png", scale: 2 })
          assert.deepStrictEqual([width, height, at(64, 64), at(64, 46), at(64, 40)], [128, 128, red, red, nothing])
        })
      )

      it.effect("are JPEG on black where asked for", () =>
        Effect.gen(function* () {
          const bytes = yield* draw([styled("#l { polygon-fill: red }", square)], { format: "jpg", scale: 1 })
          const [black = 255, light = 0] = [readPixels(bytes).at(2, 2)[0], readPixels(bytes).at(16, 16)[0]]
          assert.deepStrictEqual([...bytes.subarray(0, 3)], [0xff, 0xd8, 0xff])
          assert.isTrue(black < 10 && light > 245)
        })
      )

      it.effect("have layers of one colour", () =>
        Effect.gen(function* () {
          const plain = (color: unknown): RenderLayer => ({ id: "p", type: "plain", options: { color }, features: [] })
          for (const color of ["red", "#f00", "#ff0000", [255, 0, 0], [255, 0, 0, 255]]) {
            assert.deepStrictEqual((yield* pixels([plain(color)])).at(5, 5), red)
          }
        })
      )

      it.effect("leave out a base map that cannot be had below other layers, and fail for it alone", () =>
        Effect.gen(function* () {
          const options = { urlTemplate: "http://127.0.0.1:1/{z}/{x}/{y}.png" }
          const base: RenderLayer = { id: "h", type: "http", options, features: [] }
          const { at } = yield* pixels([base, styled("#l { polygon-fill: red }", square)])
          const error = yield* Effect.flip(draw([base]))
          assert.deepStrictEqual([at(16, 16), at(2, 2)], [red, nothing])
          assert.deepStrictEqual(
            [error.status, error.message],
            [400, "Unable to fetch http tile: http://127.0.0.1:1/5/16/16.png"]
          )
        })
      )

      it.effect("are the same bytes every time", () =>
        Effect.gen(function* () {
          const layers = [styled("#l { polygon-fill: red; text-name: 'abc' }", square, point(12, 12))]
          assert.deepStrictEqual(yield* draw(layers), yield* draw(layers))
        })
      )

      it.effect(
        "of ten thousand features take seconds at most, and no more memory each time",
        () =>
          Effect.gen(function* () {
            const features = Array.from({ length: 10_000 }, (_, index) =>
              point((index * 37.7) % 64, (index * 91.3) % 64)
            )
            const layers = [styled("#l { marker-width: 3; marker-allow-overlap: true; line-width: 1 }", ...features)]
            yield* draw(layers)
            const before = process.memoryUsage().rss
            for (let run = 0; run < 2; run++) yield* draw(layers)
            assert.isBelow(process.memoryUsage().rss - before, 100_000_000)
          }),
        60_000
      )
    })

    describe("refuses", () => {
      const refusal = (cartocss: string) =>
        Effect.map(Effect.flip(draw([styled(cartocss, square)])), ({ message, status }) => [status, message])

      it.effect("what is wrong with a style, with line and column", () =>
        Effect.gen(function* () {
          const cases = [
            ["#layer {xxxxx;}", "style0:1:8 Invalid code: xxxxx;"],
            ["#layer {\n  marker-colour: red;\n}", "style0:2:2 Unrecognized rule: marker-colour"],
            ["#layer { line-width: @w }", "style0:1:21 variable @w is undefined"],
            ["#layer { line-width: 1", "style0:1:22 missing closing `}`"],
            [
              "#layer { line-width: red }",
              "style0:1:9 Invalid value for line-width, the type float is expected. #ff0000 (of type color) was given."
            ]
          ] as const
          for (const [style, message] of cases) assert.deepStrictEqual(yield* refusal(style), [400, message])
        })
      )

      it.effect("what it does not draw, with the names of all properties", () =>
        Effect.gen(function* () {
          const unsupported = "Not supported by the emulator: "
          assert.deepStrictEqual(
            yield* refusal("#l { marker-file: url(pin.svg); line-pattern-file: url(a.png); text-placement: line }"),
            [501, `${unsupported}the style of layer layer0: marker-file, line-pattern-file, text-placement: line`]
          )
          assert.deepStrictEqual(yield* refusal("#l { marker-width: ramp([a], (1, 5), quantiles) }"), [
            501,
            `${unsupported}the style of layer layer0: marker-width: ramp()`
          ])
        })
      )
    })

    it.effect("columns that are not read from the database are refused", () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(draw([styled("#l [day = '2020-01-01'] { marker-width: 5 }", point(32, 32))]))
        assert.deepStrictEqual(
          [error.status, error.message],
          [501, "Not supported by the emulator: columns of such types in styles: day"]
        )
      })
    )

    it.effect("two images of different sizes differ wholly", () =>
      Effect.gen(function* () {
        const layers = [styled("#l { polygon-fill: red }", square)]
        const [small, large] = [yield* pixels(layers), yield* pixels(layers, { format: "png", scale: 2 })]
        assert.deepStrictEqual([difference(small, large), difference(small, small)], [1, 0])
      })
    )
  }
)

it.effect("tiles of a base map are drawn where they belong", () =>
  Effect.gen(function* () {
    const tile = Buffer.from(onePixel, "base64")
    const asked: Array<string> = []
    const http = HttpClient.make((request) => {
      asked.push(request.url)
      return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(new Uint8Array(tile))))
    })
    const options = { urlTemplate: "http://{s}.tiles.test/{z}/{x}/{y}.png", subdomains: ["u", "v"], tms: true }
    const base: RenderLayer = { id: "h", type: "http", options, features: [] }
    // Over the middle of the world: four tiles meet.
    const middle = { ...frame, zoom: 1, west: -32 * resolution(1), north: 32 * resolution(1) }
    const { at } = yield* pixels([base], png, middle).pipe(
      Effect.provide(SkiaRenderer.layer.pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, http))))
    )
    assert.deepStrictEqual([at(1, 1), at(32, 32), at(62, 62)], [red, red, red])
    assert.deepStrictEqual(asked.toSorted(), [
      "http://u.tiles.test/1/0/1.png",
      "http://u.tiles.test/1/1/0.png",
      "http://v.tiles.test/1/0/0.png",
      "http://v.tiles.test/1/1/1.png"
    ])
  })
)
