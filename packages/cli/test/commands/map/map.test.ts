import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Emulator, Fault } from "@effect-carto/emulator"
import { Effect, Redacted } from "effect"
import { emulator, onEmulator } from "../../harness.ts"
import { folderWith } from "../files.ts"
import { json, layer, map, prepared, refusedStyle, template, token, withToken } from "./maps.ts"

const files = folderWith({
  "map.json": json(map()),
  "template.json": json(template("spain")),
  "broken.json": '{\n  "layers": [\n    { "id": 1 }\n  ]\n  "analyses": []\n}',
  "strange.json": json({ layers: [{ type: "mapnik", options: {} }] }),
  "misspelt.json": json(map([layer("select * from cities", "#layer {\n  marker-wdith: 8;\n}")])),
  "missing.json": json(map([layer("select * from nowhere")]))
})

const iberia = "--bbox=-10,36,4,44"

it.layer(emulator.layer, emulator.options)("carto map", (it) => {
  it.effect("instantiate prints id and addresses, and the key only where it is asked for", () =>
    Effect.gen(function* () {
      yield* prepared
      const folder = yield* files
      const { masterKey, url } = yield* Emulator
      const key = Redacted.value(masterKey)
      const plain = yield* onEmulator(["map", "instantiate", join(folder, "map.json")])
      assert.strictEqual(plain.code, 0)
      const record = JSON.parse(plain.stdout)
      assert.match(record.layergroupid, /^[\da-f]{32}:\d+$/)
      assert.strictEqual(record.vector, `${url}/api/v1/map/${record.layergroupid}/{z}/{x}/{y}.mvt`)
      assert.deepStrictEqual(record.layers, [{ id: "cities", type: "mapnik" }])
      assert.deepStrictEqual(record.dataviews, ["people", "countries", "sizes"])
      assert.isTrue(record.needs_secret)
      assert.notInclude(plain.stdout + plain.stderr, key)
      assert.include(plain.stderr, "--with-secret writes it into them")

      const open = yield* onEmulator([
        "map",
        "instantiate",
        join(folder, "map.json"),
        "--with-secret",
        "--jq",
        ".raster"
      ])
      assert.strictEqual(open.stdout, `${record.vector.replace(/mvt$/, "png")}?api_key=${key}\n`)
      assert.include(open.stderr, "whoever sees them has it")
    })
  )

  it.effect("instantiate reads standard input, and prints TileJSON", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* onEmulator(["map", "instantiate", "-", "--tilejson", "mvt"], {
        stdin: json(map())
      })
      assert.strictEqual(code, 0)
      const { tilejson, tiles, vector_layers } = JSON.parse(stdout)
      assert.deepStrictEqual([tilejson, tiles.length, vector_layers[0].id], ["2.2.0", 1, "cities"])
    })
  )

  it.effect("a template in a file is drawn with its defaults, or with the values given", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const tile = (...args: ReadonlyArray<string>) =>
        onEmulator(["map", "tile", "0/0/0", "--map", join(folder, "template.json"), ...args])
      const all = yield* tile()
      const large = yield* tile("--set", "minimum=2000000.5")
      assert.deepStrictEqual([all.code, large.code], [0, 0])
      assert.include(all.stdout, "Lisbon")
      assert.include(large.stdout, "Madrid")
      assert.notInclude(large.stdout, "Lisbon")
      const unknown = yield* tile("--set", "minimun=1")
      assert.deepStrictEqual([unknown.code, unknown.stdout], [2, ""])
      assert.include(
        unknown.stderr,
        "error: The template spain has no placeholder minimun.\nhint: It has minimum, color.\n"
      )
    })
  )

  it.effect("wrong files are told before anything is sent", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const run = (file: string) => onEmulator(["map", "instantiate", join(folder, file)])
      const broken = yield* run("broken.json")
      assert.deepStrictEqual([broken.code, broken.stdout], [2, ""])
      assert.match(broken.stderr, /^error: .*broken\.json is not JSON: line 5, column 3\.\n/)
      const strange = yield* run("strange.json")
      assert.strictEqual(strange.code, 2)
      assert.include(strange.stderr, "Expected options with sql or source at layers[0].options")
      const none = yield* run("none.json")
      assert.strictEqual(none.code, 1)
      assert.include(none.stderr, "there is no such file")
      const token = yield* onEmulator(["map", "instantiate", join(folder, "map.json"), "--token-file", "-"], {
        stdin: "t"
      })
      assert.deepStrictEqual([token.code, token.stdout], [2, ""])
    })
  )

  it.effect("what the server refuses is told with the layer, and the line of its style", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const { faults } = yield* Emulator
      const missing = yield* onEmulator(["map", "instantiate", join(folder, "missing.json")])
      assert.strictEqual(missing.code, 1)
      assert.include(missing.stderr, 'elation "nowhere" does not exist')
      const headers = { "content-type": "application/json; charset=utf-8" }
      yield* faults.inject(Fault.Respond({ status: 400, headers, body: refusedStyle }), { path: "/api/v1/map" })
      const style = yield* onEmulator(["map", "instantiate", join(folder, "map.json")])
      assert.strictEqual(style.code, 1)
      assert.include(style.stderr, 'ayer "cities" (0), line 3, column 5: Failed to process "marker-fill" property')
      assert.include(style.stderr, 'hint: Correct layer "cities" (0), line 3, column 5.')
      const misspelt = yield* onEmulator(["map", "instantiate", join(folder, "misspelt.json")])
      assert.strictEqual(misspelt.code, 1)
      assert.include(misspelt.stderr, 'error: Layer "cities" (0): style0:2:2 Unrecognized rule: marker-wdith')
    })
  )

  it.effect("a map without an account or with an unknown key fails as authentication", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const file = join(folder, "map.json")
      const nobody = yield* onEmulator(["map", "instantiate", file], { env: { CARTO_API_URL: "", CARTO_API_KEY: "" } })
      assert.strictEqual(nobody.stdout, "")
      assert.notStrictEqual(nobody.code, 0)
      const wrong = yield* onEmulator(["map", "instantiate", file], { env: { CARTO_API_KEY: "wrong" } })
      assert.strictEqual(wrong.code, 4)
      assert.notInclude(wrong.stderr, "wrong")
    })
  )

  it.effect("tile writes a file, never over another, and says when nothing is there", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const output = join(folder, "world.mvt")
      const tile = (at: string, ...args: ReadonlyArray<string>) =>
        onEmulator(["map", "tile", at, "--map", join(folder, "map.json"), "--output", output, ...args])
      const empty = yield* tile("3/7/7")
      assert.deepStrictEqual([empty.code, empty.stdout], [0, ""])
      assert.strictEqual(empty.stderr, "tile 3/7/7 is empty; nothing was written\n")
      assert.isFalse(existsSync(output))
      const first = yield* tile("0/0/0")
      assert.strictEqual(first.code, 0)
      assert.match(first.stderr, /^wrote tile 0\/0\/0 to .*world\.mvt \(\d+ B, /)
      assert.include(readFileSync(output, "utf8"), "Barcelona")
      const again = yield* tile("0/0/0")
      assert.strictEqual(again.code, 2)
      assert.include(again.stderr, "world.mvt is there already.\nhint: --force replaces")
      assert.strictEqual((yield* tile("0/0/0", "--force")).code, 0)
    })
  )

  it.effect("tile refuses what is no tile, and bytes on a terminal", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const tile = (at: string, args: ReadonlyArray<string> = [], terminal?: number) =>
        onEmulator(["map", "tile", at, "--map", join(folder, "map.json"), ...args], { terminal })
      const shape = yield* tile("1/0")
      assert.strictEqual(shape.code, 2)
      assert.include(shape.stderr, "zoom level, column and row")
      const row = yield* tile("1/0/2")
      assert.strictEqual(row.code, 2)
      assert.include(row.stderr, "the row 2 is not one of the 2 of zoom level 1")
      const shown = yield* tile("0/0/0", [], 80)
      assert.deepStrictEqual([shown.code, shown.stdout], [2, ""])
      const grid = yield* tile("0/0/0", ["--format", "grid.json"])
      assert.strictEqual(grid.code, 2)
      assert.include(grid.stderr, "grid.json is of one layer.")
    })
  )

  it.effect("download fills a folder and tells what it did in one line", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const output = join(folder, "tiles")
      const args = ["map", "download", join(folder, "map.json"), iberia, "--zoom", "0..4", "--output", output]
      const dry = yield* onEmulator([...args, "--dry-run"])
      assert.deepStrictEqual([dry.code, existsSync(output)], [0, false])
      assert.match(dry.stderr, /^would write \d+ tiles to .*tiles\nNothing was changed\.\n$/)
      const { code, stderr, stdout } = yield* onEmulator([...args, "--jq", "[.tiles, .written, .empty]"])
      assert.strictEqual(code, 0)
      const [tiles, written, empty] = JSON.parse(stdout)
      assert.strictEqual(written + empty, tiles)
      assert.match(stderr, /^downloaded \d+ tiles to .*tiles \((\d+ empty, )?[\d.]+ k?B, .*s, [\d,]+ tiles\/s\)\n$/)
      assert.deepStrictEqual(readdirSync(output).sort(), ["0", "1", "2", "3", "4"])
      assert.include(readFileSync(join(output, "0", "0", "0.mvt"), "utf8"), "Madrid")
      const again = yield* onEmulator(args)
      assert.strictEqual(again.code, 2)
      assert.include(again.stderr, "is there already")
    })
  )

  it.effect("download shows how far it is on a terminal", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const output = join(folder, "shown.mbtiles")
      const { code, stderr } = yield* onEmulator(
        ["map", "download", join(folder, "map.json"), iberia, "--zoom", "0..3", "--output", output],
        { terminal: 100 }
      )
      assert.strictEqual(code, 0)
      assert.match(stderr, /\d of \d+ tiles \(\d+%\) {2}[\d.]+ k?B/)
    })
  )

  it.effect("download writes an MBTiles file of a named map", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "private.json": json(template("private", withToken)), token: `${token}\n` })
      assert.strictEqual((yield* onEmulator(["named-map", "apply", join(folder, "private.json")])).code, 0)
      const output = join(folder, "private.mbtiles")
      const args = ["map", "download", "private", iberia, "--zoom", "3", "--output", output]
      const closed = yield* onEmulator(args)
      assert.strictEqual(closed.code, 4)
      assert.isFalse(existsSync(output))
      const { code, stderr } = yield* onEmulator([...args, "--token-file", join(folder, "token")])
      assert.strictEqual(code, 0)
      assert.notInclude(stderr, token)
      assert.strictEqual(readFileSync(output).subarray(0, 15).toString(), "SQLite format 3")
    })
  )

  it.effect("download refuses boxes and zoom levels that are none", () =>
    Effect.gen(function* () {
      const run = (...args: ReadonlyArray<string>) =>
        onEmulator(["map", "download", "x.json", "--output", "x", ...args])
      for (const bbox of ["1,2,3", "a,b,c,d", "0,50,10,40", "0,0,10,95", "0,0,0,10"]) {
        const { code, stderr } = yield* run(`--bbox=${bbox}`, "--zoom", "0..3")
        assert.strictEqual(code, 2, bbox)
        assert.include(stderr, "WEST,SOUTH,EAST,NORTH")
      }
      for (const zoom of ["6..3", "0..25", "-1", "a", "0..", "1.5"]) {
        const { code, stderr } = yield* run("--bbox=0,0,10,10", `--zoom=${zoom}`)
        assert.strictEqual(code, 2, zoom)
        assert.include(stderr, "zoom levels such as 5 or 0..6")
      }
    })
  )

  it.effect("static wants one view and a size that the server takes", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const run = (...args: ReadonlyArray<string>) =>
        onEmulator(["map", "static", join(folder, "map.json"), "--output", join(folder, "map.png"), ...args])
      const expected: ReadonlyArray<readonly [ReadonlyArray<string>, string]> = [
        [[], "A map in a file does not say what to show."],
        [["--zoom", "3"], "--center and --zoom go together."],
        [["--center", "1,2"], "--center and --zoom go together."],
        [[iberia, "--zoom", "3"], "--bbox shows all of a box"],
        [["--center", "200,2", "--zoom", "3"], "LONGITUDE,LATITUDE"],
        [["--center", "1,2", "--zoom", "31"], "a zoom level from 0 to 30"],
        [[iberia, "--size", "0x10"], "WIDTHxHEIGHT"],
        [[iberia, "--size", "9000x10"], "WIDTHxHEIGHT"]
      ]
      for (const [args, words] of expected) {
        const { code, stderr, stdout } = yield* run(...args)
        assert.deepStrictEqual([code, stdout], [2, ""], args.join(" "))
        assert.include(stderr, words)
      }
    })
  )

  it.effect("static writes the picture that the server draws, never over another file", () =>
    Effect.gen(function* () {
      const folder = yield* files
      const output = join(folder, "map.png")
      const args = ["map", "static", join(folder, "map.json"), iberia, "--size", "300x200", "--output", output]
      const { code, stderr } = yield* onEmulator(args)
      assert.strictEqual(code, 0)
      assert.match(stderr, /^wrote 300×200 pixels to .*map\.png \([\d.]+ k?B, /)
      const png = readFileSync(output)
      assert.strictEqual(png.subarray(1, 4).toString(), "PNG")
      assert.deepStrictEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [300, 200])
      const again = yield* onEmulator(args)
      assert.strictEqual(again.code, 2)
      assert.include(again.stderr, "map.png is there already")
    })
  )

  it.effect("static shows the view of a named map, and writes JPEG where the name says so", () =>
    Effect.gen(function* () {
      const viewed = template("viewed", { view: { zoom: 4, center: { lng: -3, lat: 40 } } })
      const folder = yield* folderWith({ "viewed.json": json(viewed) })
      assert.strictEqual((yield* onEmulator(["named-map", "apply", join(folder, "viewed.json")])).code, 0)
      const output = join(folder, "viewed.jpg")
      const args = ["map", "static", "viewed", "--output", output]
      assert.strictEqual((yield* onEmulator(args)).code, 0)
      assert.deepStrictEqual([...readFileSync(output).subarray(0, 3)], [0xff, 0xd8, 0xff])
      const set = yield* onEmulator([...args, "--set", "minimum=1", "--force"])
      assert.strictEqual(set.code, 2)
      assert.include(set.stderr, "The view of a named map goes with its defaults.")
    })
  )
})
