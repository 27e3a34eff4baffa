import { writeFileSync } from "node:fs"
import { request } from "node:http"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Effect, Redacted } from "effect"
import { browser, openPage, type Page } from "../../chromium.ts"
import { emulator, home, onEmulator } from "../../harness.ts"
import { type Program, start } from "../../program.ts"
import { folderWith } from "../files.ts"
import { json, layer, map, prepared, template, token, withToken } from "./maps.ts"

/** The program on the emulator, as a process of its own; ended with the test. */
const previewed = (...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const { masterKey, url } = yield* Emulator
    const env = { HOME: yield* home, CARTO_API_URL: url, CARTO_API_KEY: Redacted.value(masterKey) }
    const program = yield* Effect.acquireRelease(
      Effect.sync(() => start(["map", "preview", "--no-open", ...args], env)),
      (program) => Effect.promise(() => ended(program))
    )
    yield* Effect.promise(() => program.says("stderr", "Serving"))
    return { program, address: program.stdout().trim(), key: Redacted.value(masterKey) }
  })

const ended = ({ child, exit }: Program) => {
  child.kill("SIGINT")
  return exit
}

const get = (address: string) => Effect.promise(() => fetch(address))
const getJson = (address: string) => Effect.promise(async () => JSON.parse(await (await fetch(address)).text()))

/** With any headers: `fetch` writes its own Host. */
const status = (address: string, headers: Readonly<Record<string, string>>, method = "GET") =>
  Effect.promise(
    () =>
      new Promise<number | undefined>((resolve, reject) => {
        request(address, { headers, method }, (answer) => resolve(answer.resume().statusCode))
          .on("error", reject)
          .end()
      })
  )

const mapFile = Effect.map(folderWith({ "map.json": json(map()) }), (folder) => join(folder, "map.json"))

it.layer(emulator.layer, emulator.options)("carto map preview", (it) => {
  it.effect("serves a page and the map behind it, and never its key", () =>
    Effect.gen(function* () {
      yield* prepared
      const { address, key, program } = yield* previewed(yield* mapFile)
      assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/)
      assert.match(program.stderr(), /^Serving until Ctrl-C, to this machine only; the map follows .*map\.json\.\n$/)
      const page = yield* get(address)
      assert.include(page.headers.get("content-security-policy") ?? "", "default-src 'none'")
      assert.strictEqual(page.headers.get("referrer-policy"), "no-referrer")
      const texts = [yield* Effect.promise(() => page.text())]

      const description = yield* getJson(`${address}map.json`)
      assert.deepStrictEqual(description.bounds.map(Math.round), [-9, 39, 2, 49])
      assert.deepStrictEqual(
        description.layers.map(({ attributes, id, type }: Record<string, unknown>) => [id, type, attributes]),
        [["cities", "mapnik", true]]
      )
      assert.deepStrictEqual(
        description.dataviews.map(({ name, type }: Record<string, unknown>) => [name, type]),
        [
          ["people", "formula"],
          ["countries", "aggregation"],
          ["sizes", "histogram"]
        ]
      )
      texts.push(json(description))

      const tile = yield* get(`${address}tiles/0/0/0.mvt?v=1`)
      assert.strictEqual(tile.status, 200)
      texts.push(yield* Effect.promise(() => tile.text()))
      assert.include(texts.at(-1) ?? "", "Madrid")
      assert.strictEqual((yield* get(`${address}tiles/3/7/7.mvt`)).status, 204)
      assert.deepStrictEqual(yield* getJson(`${address}attributes/0/2`), { name: "Barcelona", population: 1600000 })
      const missing = yield* get(`${address}attributes/0/9`)
      assert.strictEqual(missing.status, 404)
      texts.push(yield* Effect.promise(() => missing.text()))
      const iberia = yield* getJson(`${address}dataviews/people?bbox=-10,36,4,44`)
      assert.strictEqual(iberia.result, 5450000)
      const search = yield* getJson(`${address}dataviews/countries/search?q=spa`)
      assert.deepStrictEqual(search, [{ category: "Spain", value: 2 }])
      assert.strictEqual((yield* getJson(`${address}dataviews/sizes?bins=3`)).bins_count, 3)
      const unknown = yield* get(`${address}dataviews/nothing`)
      assert.strictEqual(unknown.status, 400)
      texts.push(yield* Effect.promise(() => unknown.text()))
      for (const text of texts) assert.notInclude(text, key)
      assert.strictEqual(yield* Effect.promise(() => ended(program)), 130)
    })
  )

  it.effect("answers nobody who does not know its path, and no other site", () =>
    Effect.gen(function* () {
      const { address } = yield* previewed(yield* mapFile)
      const { host, origin, port } = new URL(address)
      const there = `${address}map.json`
      assert.strictEqual(yield* status(there, { host }), 200)
      assert.strictEqual(yield* status(there, { host: `localhost:${port}` }), 200)
      assert.strictEqual(yield* status(there, { host: `rebound.example:${port}` }), 421)
      assert.strictEqual(yield* status(there, { host, "sec-fetch-site": "cross-site" }), 421)
      assert.strictEqual(yield* status(there, { host }, "POST"), 405)
      for (const path of ["/", "/map.json", `/${"A".repeat(32)}/map.json`, address.slice(origin.length, -1)]) {
        assert.strictEqual((yield* get(`${origin}${path}`)).status, 404, path)
      }
      const nowhere = ["nothing.js", "../package.json", "..%2f..%2fpackage.json", "tiles/0/0/x.mvt", "attributes/0/1;x"]
      for (const path of nowhere) assert.strictEqual((yield* get(`${address}${path}`)).status, 404, path)
      for (const file of ["main.js", "page.css", "land.json", "maplibre-gl.mjs", "maplibre-gl-worker.mjs"]) {
        assert.strictEqual((yield* get(`${address}${file}`)).status, 200, file)
      }
    })
  )

  it.effect("follows the file, and keeps the map that was there while the file makes none", () =>
    Effect.gen(function* () {
      const file = yield* mapFile
      const { address } = yield* previewed(file)
      assert.deepStrictEqual(yield* getJson(`${address}state.json`), { version: 1, problem: null })
      writeFileSync(file, "{")
      const broken = yield* getJson(`${address}state.json`)
      assert.strictEqual(broken.version, 1)
      assert.match(broken.problem, /map\.json is not JSON/)
      assert.strictEqual((yield* get(`${address}tiles/0/0/0.mvt`)).status, 200)
      writeFileSync(file, json(map([layer("select * from cities where country = 'France'")])))
      assert.deepStrictEqual(yield* getJson(`${address}state.json`), { version: 2, problem: null })
      const description = yield* getJson(`${address}map.json`)
      assert.deepStrictEqual([description.version, description.bounds.map(Math.round)], [2, [2, 49, 2, 49]])
    })
  )

  it.effect("shows a query with panels for its columns, whatever its geometry", () =>
    Effect.gen(function* () {
      const { address } = yield* previewed("--sql", "select name, population, the_geom from cities;")
      const { bounds, dataviews, title } = yield* getJson(`${address}map.json`)
      assert.strictEqual(title, "select name, population, the_geom from cities;")
      assert.deepStrictEqual(bounds.map(Math.round), [-9, 39, 2, 49])
      const names = dataviews.map(({ name }: Record<string, unknown>) => name)
      assert.deepStrictEqual(names, ["rows", "name", "population"])
      assert.strictEqual((yield* getJson(`${address}dataviews/rows?bbox=-10,36,4,44`)).result, 3)
      const none = yield* onEmulator(["map", "preview", "--no-open", "--sql", "select 1 as a"])
      assert.strictEqual(none.code, 2)
      assert.include(none.stderr, "error: The query has no column of geometries.\n")
      const wrong = yield* onEmulator(["map", "preview", "--no-open", "--sql", "select * from nowhere"])
      assert.strictEqual(wrong.code, 1)
      assert.include(wrong.stderr, 'elation "nowhere" does not exist')
    })
  )

  it.effect("shows a named map with its token, and tells the page neither", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "private.json": json(template("closed", withToken)), token })
      yield* onEmulator(["named-map", "apply", join(folder, "private.json")])
      const closed = yield* onEmulator(["map", "preview", "--no-open", "closed"])
      assert.deepStrictEqual([closed.code, closed.stdout], [4, ""])
      const { address } = yield* previewed("closed", "--token-file", join(folder, "token"), "--set", "minimum=2000000")
      const description = yield* getJson(`${address}map.json`)
      assert.deepStrictEqual([description.title, description.bounds.map(Math.round)], ["closed", [-4, 40, 2, 49]])
      assert.notInclude(json(description), token)
      assert.strictEqual((yield* getJson(`${address}dataviews/people`)).result, 7550000)
    })
  )

  it.effect("says what it cannot show", () =>
    Effect.gen(function* () {
      const run = (...args: ReadonlyArray<string>) => onEmulator(["map", "preview", "--no-open", ...args])
      const nothing = yield* run()
      assert.deepStrictEqual([nothing.code, nothing.stdout], [2, ""])
      assert.include(nothing.stderr, "error: A preview shows one map.\n")
      assert.strictEqual((yield* run("map.json", "--sql", "select 1")).code, 2)
      const unknown = yield* run("nobody_knows")
      assert.strictEqual(unknown.code, 1)
      assert.match(unknown.stderr, /^error: Not found: /)
      const { port } = new URL((yield* Emulator).url)
      const taken = yield* run(yield* mapFile, "--port", port)
      assert.strictEqual(taken.code, 1)
      assert.match(taken.stderr, /^error: The preview cannot listen on port \d+: .*EADDRINUSE/)
    })
  )
})

/** Pixels of a picture for which the expression of r, g, b holds, counted by the page's own canvas. */
const pixels = async (page: Page, png: Uint8Array, holds: string): Promise<number> =>
  Number(
    await page.evaluate(`new Promise((resolve, reject) => {
      const image = new Image()
      image.onerror = reject
      image.onload = () => {
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d")
        canvas.drawImage(image, 0, 0)
        const { data } = canvas.getImageData(0, 0, image.width, image.height)
        let count = 0
        for (let at = 0; at < data.length; at += 4) {
          const [r, g, b] = data.slice(at, at + 3)
          if (${holds}) count++
        }
        resolve(count)
      }
      image.src = "data:image/png;base64,${Buffer.from(png).toString("base64")}"
    })`)
  )

const isReady = "document.documentElement.dataset.ready !== undefined"
const red = "r > 200 && g < 60 && b < 60"

describe.skipIf(browser === undefined)("the preview in Chromium (skipped where the machine has none)", () => {
  it.layer(
    emulator.layer,
    emulator.options
  )((it) => {
    it.effect(
      "draws the features, tells attributes on a click, and asks no other host",
      () =>
        Effect.gen(function* () {
          yield* prepared
          const { address, key } = yield* previewed(yield* mapFile)
          const page = yield* Effect.acquireRelease(
            Effect.promise(() => openPage(browser ?? "")),
            (page) => Effect.promise(page.close)
          )
          yield* Effect.promise(async () => {
            const text = (selector: string) => page.evaluate(`document.querySelector('${selector}')?.textContent`)
            await page.goto(address)
            await page.until(isReady)
            await page.until("document.querySelector('.number')?.textContent === '7,550,000'")
            const shown = await pixels(page, await page.screenshot(), red)
            // Four points, 16 pixels wide, and the list's and the legend's.
            assert.isAbove(shown, 4 * 150)
            assert.strictEqual(await page.evaluate("document.querySelectorAll('#found li').length"), 4)
            assert.strictEqual(await text(".bars li .label"), "Spain")

            // By the keyboard's way: the list.
            await page.evaluate(
              "[...document.querySelectorAll('.find')].find((b) => /Madrid/.test(b.textContent)).click()"
            )
            await page.until("document.querySelector('.popup dl')?.textContent === 'nameMadridpopulation3300000'")
            // By the mouse: the place of that popup.
            const [x, y] = String(
              await page.evaluate(`(() => {
                const { left, width, bottom } = document.querySelector('.maplibregl-popup').getBoundingClientRect()
                document.querySelector('.maplibregl-popup-close-button').click()
                return [left + width / 2, bottom].join()
              })()`)
            )
              .split(",")
              .map(Number)
            await page.click(x ?? 0, y ?? 0)
            await page.until("/Madrid/.test(document.querySelector('.popup dl')?.textContent)")
            await page.evaluate("document.querySelector('.maplibregl-popup-close-button').click()")

            await page.evaluate("document.querySelector('[aria-label=countries] input').focus()")
            await page.type("port")
            await page.until("document.querySelectorAll('.bars li').length === 1")
            assert.strictEqual(await text(".bars li .label"), "Portugal")

            await page.evaluate("document.querySelector('input[value=pictures]').click()")
            await page.until(
              "performance.getEntriesByType('resource').some(({ name }) => name.includes('/pictures/0/'))"
            )
            await page.until("document.documentElement.dataset.drawing === 'pictures'")
            assert.isAbove(await pixels(page, await page.screenshot(), red), 4 * 150)
            assert.strictEqual(await text("#notice"), "")

            await page.evaluate("document.querySelector('.layer input').click()")
            await page.until("document.querySelectorAll('#found li').length === 0")
            assert.isBelow(await pixels(page, await page.screenshot(), red), shown / 4)

            assert.deepStrictEqual(page.problems, [])
            const hosts = new Set(page.requests.filter((url) => /^https?:/.test(url)).map((url) => new URL(url).origin))
            assert.deepStrictEqual([...hosts], [new URL(address).origin])
            assert.notInclude(
              page.requests.join("\n") + (await page.evaluate("document.documentElement.outerHTML")),
              key
            )
          })
        }),
      120_000
    )

    it.effect(
      "is dark where the system is, and follows the file",
      () =>
        Effect.gen(function* () {
          const file = yield* mapFile
          const { address } = yield* previewed(file)
          const page = yield* Effect.acquireRelease(
            Effect.promise(() => openPage(browser ?? "", 420, 900)),
            (page) => Effect.promise(page.close)
          )
          yield* Effect.promise(async () => {
            await page.emulate("prefers-color-scheme", "dark")
            await page.goto(address)
            await page.until(isReady)
            const dark = "r < 60 && g < 60 && b < 70"
            assert.isAbove(await pixels(page, await page.screenshot(), dark), 420 * 900 * 0.6)
            writeFileSync(
              file,
              json(map([layer("select * from cities", "#layer { marker-width: 20; marker-fill: #0f0; }")]))
            )
            await page.until("document.documentElement.dataset.ready === '2'")
            assert.isAbove(await pixels(page, await page.screenshot(), "g > 200 && r < 60"), 400)
            writeFileSync(file, "{")
            await page.until("/not JSON/.test(document.querySelector('#notice').textContent)")
          })
        }),
      120_000
    )
  })
})
