import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import * as Connector from "../src/Connector.ts"
import * as ImportSource from "../src/ImportSource.ts"
import { Imports } from "../src/Imports.ts"
import { HttpMock, type Reply } from "./HttpMock.ts"

const layer = (limits: Reply) =>
  Imports.layer().pipe(
    Layer.provide(CartoClient.layer({ retries: 0 })),
    Layer.provide(Auth.layer({ url: "https://alice.carto.com", apiKey: Redacted.make("key-of-alice") })),
    Layer.provideMerge(HttpMock.layer([limits]))
  )
const forbidden: Reply = { status: 403, body: {} }
const limits: Reply = {
  body: {
    api_key: "key-of-alice",
    remaining_byte_quota: 10.5,
    limits: { import_file_size: 100, import_table_rows: 2, concurrent_imports: 3, concurrent_syncs: 3 }
  }
}

const bytes = (text: string) => new TextEncoder().encode(text)
const inspect = (
  name: string,
  content: string | Uint8Array,
  options?: { readonly sample?: number; readonly size?: number; readonly limits?: Reply; readonly chunk?: number }
) => {
  const all = typeof content === "string" ? bytes(content) : content
  const chunk = options?.chunk ?? 7
  const chunks = Array.from({ length: Math.ceil(all.length / chunk) }, (_, i) =>
    all.subarray(i * chunk, (i + 1) * chunk)
  )
  return Effect.flatMap(Imports, (imports) =>
    imports.inspect(ImportSource.bytes(name, Stream.fromIterable(chunks), { size: options?.size }), {
      sample: options?.sample
    })
  ).pipe(Effect.provide(layer(options?.limits ?? forbidden)))
}

describe("Imports.inspect", () => {
  it.effect("shows what columns will be called, and which values guessing would change", () =>
    Effect.gen(function* () {
      const text = [
        "Name;Zip Code;Phone;Account;Code;Mixed;Plain;name",
        "Ávila;00501;+34600;12345678901234567890;12E5;007;1.5;a",
        'Bern;"01002";0;12;E0001;x7;0;b',
        "",
        "Chur;;;;;;0.5;c",
        ""
      ].join("\r\n")
      const preview = yield* inspect("My Cities.csv", text)
      assert.deepStrictEqual(
        [preview.name, preview.format, preview.encoding, preview.hasBom, preview.delimiter],
        ["my_cities", "csv", "utf-8", false, ";"]
      )
      assert.deepStrictEqual(preview.looked, { bytes: bytes(text).length, rows: 3, isWhole: true })
      assert.deepStrictEqual(
        preview.columns.map(({ becomes }) => becomes),
        ["name", "zip_code", "phone", "account", "code", "mixed", "plain", "name_1"]
      )
      assert.deepStrictEqual(
        preview.columns.flatMap(({ damages, name }) =>
          damages.map(({ count, example, kind }) => [name, kind, count, example])
        ),
        [
          ["Zip Code", "leading zero", 2, "00501"],
          ["Phone", "leading plus", 1, "+34600"],
          ["Account", "more than 15 digits", 1, "12345678901234567890"],
          ["Code", "read as an exponent", 2, "12E5"]
        ]
      )
      assert.deepStrictEqual(
        preview.findings.map(({ message }) => message),
        [
          'columns will be renamed: "Name" to name, "Zip Code" to zip_code, "Phone" to phone, "Account" to account, "Code" to code, "Mixed" to mixed, "Plain" to plain, "name" to name_1',
          'guessing types would change "Zip Code": 2 of the values seen, such as 00501 (leading zero)',
          'guessing types would change "Phone": 1 of the values seen, such as +34600 (leading plus)',
          'guessing types would change "Account": 1 of the values seen, such as 12345678901234567890 (more than 15 digits)',
          'guessing types would change "Code": 2 of the values seen, such as 12E5 (read as an exponent)'
        ]
      )
      for (const { advice } of preview.findings) assert.isNotEmpty(advice)
    })
  )

  it.effect("knows the column that becomes the geometry, and gives names where the first line is a row", () =>
    Effect.gen(function* () {
      const becomes = (text: string) =>
        Effect.map(inspect("a.csv", text), ({ columns }) => columns.map(({ becomes }) => becomes))
      assert.deepStrictEqual(yield* becomes("id,WKT\nx,POINT(1 2)\ny,\n"), ["id", "the_geom"])
      assert.deepStrictEqual(yield* becomes("id,wkt\nx,nowhere\n"), ["id", "wkt"])
      assert.deepStrictEqual(yield* becomes("the_geom,b\nnowhere,x\n"), ["invalid_the_geom", "b"])
      assert.deepStrictEqual(yield* becomes("geom,geojson\n0101000000,x\n"), ["the_geom", "geojson"])
      const bare = yield* inspect("a.csv", "007,a\n008,b\n")
      assert.strictEqual(bare.looked.rows, 2)
      assert.deepStrictEqual(
        bare.columns.map(({ becomes, damages, name }) => [name, becomes, damages[0]?.example]),
        [
          ["field_1", "field_1", "007"],
          ["field_2", "field_2", undefined]
        ]
      )
      assert.match(bare.findings[0]?.message ?? "", /^the first line holds a number/)
    })
  )

  it.effect("takes decimal commas for numbers where semicolons divide, and 64 bits for exact", () =>
    Effect.gen(function* () {
      const damaged = (text: string) =>
        Effect.map(inspect("a.csv", text), ({ columns }) =>
          columns.flatMap(({ damages, name }) => (damages.length > 0 ? [name] : []))
        )
      assert.deepStrictEqual(yield* damaged("x;y\n007;a\n1,5;b\n"), ["x"])
      assert.deepStrictEqual(yield* damaged('x,y\n007,a\n"1,5",b\n'), [])
      const long = "9223372036854775807"
      assert.deepStrictEqual(yield* damaged(`x,y,z\n${long},${long},9223372036854775808\n1,0.5,1\n`), ["y", "z"])
    })
  )

  it.effect("looks no further than it was told, and says so", () =>
    Effect.gen(function* () {
      const text = `a,b\n${"1,2\n".repeat(100)}`
      const preview = yield* inspect("a.csv", text, { sample: 10 })
      // The last row may be cut.
      assert.deepStrictEqual(preview.looked, { bytes: 10, rows: 1, isWhole: false })
      assert.deepStrictEqual((yield* inspect("a.csv", text, { sample: 404 })).looked, {
        bytes: 404,
        rows: 100,
        isWhole: true
      })
    })
  )

  it.effect("does not take a quote that is open where it stops for an error", () =>
    Effect.gen(function* () {
      const cut = yield* inspect("a.csv", 'a,b\n1,2\n3,"4\n5"\n', { sample: 12 })
      assert.deepStrictEqual([cut.looked.rows, cut.findings], [1, []])
      const broken = yield* inspect("a.csv", 'a,b\n1,2\n3,"4\n5\n')
      assert.match(broken.findings[0]?.message ?? "", /not read further than line 3: Unterminated/)
    })
  )

  it.effect("reads only as much of the stream as it needs", () =>
    Effect.gen(function* () {
      let pulled = 0
      const endless = Stream.forever(
        Stream.sync(() => {
          pulled += 1
          return bytes("1,2\n".repeat(1 << 12))
        })
      )
      const imports = yield* Imports
      const preview = yield* imports.inspect(ImportSource.bytes("a.csv", endless), { sample: 1 << 18 })
      assert.strictEqual(preview.looked.bytes, 1 << 18)
      assert.isBelow(pulled, 30)
    }).pipe(Effect.provide(layer(forbidden)))
  )

  it.effect("knows encodings by their marks and by their bytes", () =>
    Effect.gen(function* () {
      const utf16 = (text: string) => Uint8Array.from([0xff, 0xfe, ...Buffer.from(text, "utf16le")])
      const known: ReadonlyArray<readonly [Uint8Array | string, unknown, boolean, string]> = [
        ["\uFEFFÁ,b\n1,2\n", "utf-8", true, "Á"],
        [utf16("Á\tb\n1\t2\n"), "utf-16le", true, "Á"],
        [Uint8Array.from([0xc1, 0x2c, 0x62, 0x0a, 0x31, 0x2c, 0x32]), "other", false, "Á"],
        ["Á,b\n1,2\n", "utf-8", false, "Á"]
      ]
      for (const [content, encoding, hasBom, name] of known) {
        const preview = yield* inspect("a.csv", content, { chunk: 1 })
        assert.deepStrictEqual([preview.encoding, preview.hasBom, preview.columns[0]?.name], [encoding, hasBom, name])
        const isFine = encoding === "utf-8"
        assert.strictEqual(
          preview.findings.some(({ advice }) => advice.includes("UTF-8")),
          !isFine
        )
      }
    })
  )

  it.effect("knows the delimiter by the lines that it divides alike", () =>
    Effect.gen(function* () {
      for (const [text, delimiter] of [
        ["a,b\n1,2\n", ","],
        ["a\tb, c\n1\t2\n3\t4, 5\n", "\t"],
        ['a|b\n"1,2,3"|4\n', "|"],
        ["a\n1\n", undefined]
      ] as const) {
        assert.strictEqual((yield* inspect("a.txt", text)).delimiter, delimiter)
      }
    })
  )

  it.effect("holds size and rows against the account's limits", () =>
    Effect.gen(function* () {
      const preview = yield* inspect("a.csv", "a\n1\n2\n3\n", { size: 200, limits })
      assert.deepStrictEqual(preview.limits, {
        remaining_byte_quota: 10.5,
        import_file_size: 100,
        import_table_rows: 2,
        concurrent_imports: 3
      })
      assert.deepStrictEqual(
        preview.findings.map(({ message, severity }) => [severity, message]),
        [
          ["error", "200 bytes are more than the 100 that the account may import at once"],
          ["error", "the account has only 10 bytes of storage left"],
          ["error", "there are more than the 2 rows that a dataset may have"]
        ]
      )
    })
  )

  it.effect("says what it can of everything else", () =>
    Effect.gen(function* () {
      const shape = yield* inspect("Streets.tar.gz", new Uint8Array(100), { size: 100 })
      assert.deepStrictEqual(
        [shape.name, shape.format, shape.looked.bytes, shape.columns, shape.findings],
        [undefined, "gz", 0, [], []]
      )
      assert.strictEqual((yield* inspect("New.York.xlsx", new Uint8Array(9))).name, "new_york")
      assert.strictEqual((yield* inspect("a.csv.json", "[]")).name, "a")
      const geojson = yield* inspect("a.geojson", '{"type":"FeatureCollection","features":[]}')
      assert.deepStrictEqual([geojson.encoding, geojson.looked.isWhole, geojson.findings], ["utf-8", true, []])
      const imports = yield* Imports
      assert.strictEqual((yield* imports.inspect(ImportSource.query("select 1", { name: "Ones" }))).name, "ones")
      const database = Connector.mysql({ connectionId: "1", table: "Roads" })
      assert.strictEqual((yield* imports.inspect(ImportSource.database(database))).name, "roads")
      assert.isUndefined((yield* imports.inspect(ImportSource.url("https://example.test/a.csv"))).format)
    }).pipe(Effect.provide(layer(forbidden)))
  )

  it.effect("does not use up what is there only once", () =>
    Effect.gen(function* () {
      const imports = yield* Imports
      const error = yield* Effect.flip(
        imports.inspect(ImportSource.bytes("in.csv", Stream.die("read"), { replayable: false }))
      )
      assert.strictEqual(error.reason.message, '"in.csv" can be read only once')
    }).pipe(Effect.provide(layer(forbidden)))
  )
})
