import { assert, it } from "@effect/vitest"
import { ImportSource, Imports } from "@effect-carto/core"
import { Effect, Layer, Result, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { rows } from "../importing.ts"
import { connected } from "./layer.ts"

interface Case {
  readonly name: string
  /** The file's, when it is not `{name}.csv`. */
  readonly file?: string
  readonly text: string | Uint8Array
}

const wide = Array.from({ length: 251 }, (_, i) => `c${i}`)
const long = "a_very_long_name_that_goes_on_and_on_until_no_database_would_keep_it"

const cases: ReadonlyArray<Case> = [
  { name: "plain names", text: "a,b\n1,x\n" },
  { name: "capitals, blanks and accents", text: "Zip Code,Ñame,2010 pop,Name!,name_\na,b,c,d,e\n" },
  { name: "reserved words", text: "select,order,user,xmin,ctid,name\na,b,c,d,e,f\n" },
  { name: "names that become the same", text: "a-b,a b,a_b,a_b_1\nx,y,z,w\n" },
  { name: "names without a letter", text: "__,!!,$,a\nx,y,z,w\n" },
  { name: "no name at all", text: "a,,c\nx,y,z\n" },
  { name: "names that are too long", text: `${long},${long}2,a\nx,y,z\n` },
  { name: "CARTO's own columns", text: "cartodb_id,a\n7,x\n" },
  { name: "coordinates", text: "lat,Longitude,a\n1,2,x\n" },
  { name: "a geometry", text: "wkt,a\nPOINT(1 2),x\n" },
  { name: "the geometry", text: "the_geom,a\nPOINT(1 2),x\n" },
  { name: "a geometry that is none", text: "the_geom,a\nnowhere,x\n" },
  { name: "geometries of two names", text: "wkt,geom\nPOINT(1 2),POINT(1 2)\n" },
  { name: "GeoJSON in a column", text: 'geojson,a\n"{""type"":""Point"",""coordinates"":[1,2]}",x\n' },
  { name: "the geometry of tiles", text: "the_geom_webmercator,a\nx,y\n" },
  { name: "data without a header", text: "1,a\n2,b\n" },
  { name: "semicolons", text: "Zip Code;b\n00501;x\n" },
  { name: "tabs", file: "Some File.tsv", text: "Zip Code\tb\n00501\tx\n" },
  { name: "leading zeros", text: "zip,zips\n00501,00501\n01001,x\n" },
  { name: "leading plus signs", text: "phone\n+34911234567\n" },
  { name: "exponents", text: "code,code2,code3\nE12,12E5,7D2\nE13,1E2,D1\n" },
  {
    name: "many digits",
    text: "account,iban,mixed\n1234567890123456,12345678901234567890,1234567890123456789\n1,2,0.5\n"
  },
  { name: "decimals", text: "x,y\n1.50,-0.25\n" },
  { name: "decimal commas", text: "x;y\n1,5;01,5\n" },
  { name: "zeros among decimal commas", text: "x;y\n1,5;a\n007;b\n" },
  { name: "zero and signed zeros", text: "a,b\n0,-01\n" },
  { name: "values in quotes", text: 'a,b\n"007","x"\n' },
  { name: "numbers with blanks around", text: "a,b\n 007 ,x\n" },
  { name: "a byte order mark", text: "\ufeffa,b\n1,x\n" },
  { name: "UTF-16", text: Buffer.from("\ufeffZip Code,b\n00501,é\n", "utf16le") },
  { name: "Latin 1", text: Buffer.from("Zip Code,b\n00501,é\n", "latin1") },
  { name: "line breaks in quotes", text: 'a,b\n"1\n2","x ""y"""\n' },
  { name: "a header and no row", text: "a,b\n" },
  { name: "too many columns", text: `${wide.join()}\n${wide.join()}\n` },
  { name: "two columns of one name", text: "a,b,a\n1,2,3\n" },
  { name: "an open quote", text: 'a,b\n1,"2\n3,4\n' },
  { name: "a reserved file name", file: "select.csv", text: "a\nx\n" },
  { name: "a file name with numbers first", file: "2010 census (v2).csv", text: "a\nx\n" },
  { name: "a file name of nothing", file: "__.csv", text: "a\nx\n" }
]

const generated = new Set(["cartodb_id", "the_geom", "the_geom_webmercator"])

/** The names of a dataset's columns in their order, and each column's values as texts. */
const contents = Effect.fnUntraced(function* (table: string) {
  const columns = yield* rows(
    `select attname from pg_attribute where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped order by attnum`
  )
  const all = yield* rows(`select * from "${table}" order by cartodb_id`)
  const names = columns.flatMap(({ attname }) => (attname && !generated.has(attname) ? [attname] : []))
  return { names, values: (name: string) => all.map((row) => row[name] ?? "") }
})

/** Whether a value that could be an identifier has become another one. */
const isOther = (value: string, text = ""): boolean => /^-?\+?\d*[ed]?\d+$/i.test(text.trim()) && value !== text.trim()

const layer = connected().pipe(Layer.provideMerge(Emulator.layer()), Layer.provideMerge(PgliteDatabase.layer()))

it.layer(layer, { timeout: "3 minutes", excludeTestServices: true })("Imports.inspect against the emulator", (it) => {
  for (const [index, { file, name, text }] of cases.entries()) {
    it.effect(`foretells ${name}`, () =>
      Effect.gen(function* () {
        const imports = yield* Imports
        const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text
        const source = ImportSource.bytes(file ?? `case_${index}.csv`, Stream.make(bytes))
        const preview = yield* imports.inspect(source)
        const errors = preview.findings.filter(({ severity }) => severity === "error")
        const done = yield* Effect.result(imports.run(source))
        if (Result.isFailure(done)) {
          assert.strictEqual(done.failure.reason._tag, "ImportError")
          assert.isNotEmpty(preview.findings, done.failure.message)
          return
        }
        assert.deepStrictEqual(errors, [])
        const table = done.success.datasets[0]?.name ?? ""
        assert.strictEqual(preview.name, table)
        const { names, values } = yield* contents(table)
        // Columns that become the key or the geometry are none of the dataset's own.
        assert.deepStrictEqual(
          preview.columns.map(({ becomes }) => becomes).filter((name) => !generated.has(name)),
          names
        )
        const asText = yield* Effect.result(imports.run(source, { typeGuessing: false }))
        // A text cannot be the key.
        if (Result.isFailure(asText)) return assert.strictEqual(name, "CARTO's own columns")
        const raw = yield* contents(asText.success.datasets[0]?.name ?? "")
        const damaged = names.filter((name) => values(name).some((value, row) => isOther(value, raw.values(name)[row])))
        const foretold = preview.columns.filter(({ damages }) => damages.length > 0).map(({ becomes }) => becomes)
        assert.deepStrictEqual(foretold, damaged)
        for (const { becomes, damages } of preview.columns) {
          for (const { example } of damages) assert.notInclude(values(becomes), example)
        }
      })
    )
  }
})
