import { assert, describe, it } from "@effect/vitest"
import { RowCode } from "../src/index.ts"

const field = (pgtype: string, isNullable = false) =>
  /^ {2}a: (.+)$/m.exec(RowCode.ofTables([{ name: "t", columns: [{ name: "a", pgtype, isNullable }] }]))?.[1]

const named = (...names: ReadonlyArray<string>) =>
  [...RowCode.ofTables(names.map((name) => ({ name, columns: [] }))).matchAll(/^export const (\S+) /gm)].map(
    ([, name]) => name
  )

const types = [
  ["int2", "Schema.Int"],
  ["int4", "Schema.Int"],
  ["oid", "Schema.Int"],
  ["int8", "Schema.BigInt"],
  ["float4", "Schema.Number"],
  ["float8", "Schema.Number"],
  ["numeric", "Schema.String"],
  ["bool", "Schema.Boolean"],
  ["text", "Schema.String"],
  ["uuid", "Schema.String"],
  ["date", "Schema.String"],
  ["timestamp", "Schema.DateTimeUtc"],
  ["timestamptz", "Schema.DateTimeUtc"],
  ["interval", "Interval"],
  ["jsonb", "Schema.Json"],
  ["bytea", "Schema.Uint8Array"],
  ["geometry", "Geometry"],
  ["geography", "Geometry"],
  ["raster", "Schema.String"],
  ["unknown(16545)", "Schema.String"],
  ["point", "Schema.Struct({ x: Schema.Number, y: Schema.Number })"],
  ["_int8", "Schema.Array(Schema.NullOr(Schema.BigInt))"],
  ["_text", "Schema.Array(Schema.NullOr(Schema.String))"],
  ["_json", "Schema.Array(Schema.Json)"]
] as const

describe("RowCode", () => {
  for (const [pgtype, code] of types) {
    it(`writes ${pgtype} as ${code}`, () => {
      assert.strictEqual(field(pgtype), code)
    })
  }

  it("writes what may be NULL as NullOr, and JSON as it is, which has a null of its own", () => {
    assert.strictEqual(field("int4", true), "Schema.NullOr(Schema.Int)")
    assert.strictEqual(field("jsonb", true), "Schema.Json")
  })

  it("imports what the fields name, once, and nothing else", () => {
    const imports = (...pgtypes: ReadonlyArray<string>) =>
      RowCode.ofTables([
        { name: "a", columns: pgtypes.map((pgtype) => ({ name: pgtype, pgtype, isNullable: false })) },
        { name: "b", columns: pgtypes.map((pgtype) => ({ name: pgtype, pgtype, isNullable: false })) }
      ]).match(/^import .*$/gm)
    const schema = 'import * as Schema from "effect/Schema"'
    assert.deepStrictEqual(imports("text"), [schema])
    assert.deepStrictEqual(imports("interval", "_geometry"), [
      'import { Geometry, Interval } from "@effect-carto/core"',
      schema
    ])
  })

  it("quotes names that are no identifiers, and takes no name for the prototype", () => {
    const columns = ["cartodb_id", "Größe", 'a "b"', "2020", "a\nb", "__proto__"]
    const text = RowCode.ofTables([
      { name: "t", columns: columns.map((name) => ({ name, pgtype: "text", isNullable: false })) }
    ])
    const fields = [...text.matchAll(/^ {2}(.+): Schema\.String,?$/gm)].map(([, name]) => name)
    assert.deepStrictEqual(fields, ["cartodb_id", '"Größe"', '"a \\"b\\""', '"2020"', '"a\\nb"', '["__proto__"]'])
  })

  it("names the schemas after their tables, each another, and none as what it imports", () => {
    assert.deepStrictEqual(named("stations_2026", "2020", "My.Table", "größe", "!", "class"), [
      "Stations2026",
      "Table2020",
      "MyTable",
      "Größe",
      "Table",
      "Class"
    ])
    assert.deepStrictEqual(named("a_b", "a b", "schema", "geometry"), ["AB", "AB2", "Schema2", "Geometry2"])
  })

  it("lets no comment end early", () => {
    const text = RowCode.ofTables([
      { name: "a*/b", columns: [{ name: "a", pgtype: "text", isNullable: false, comment: "one\ntwo */ end" }] }
    ])
    assert.include(text, "/** A row of `a*\\/b`. */\n")
    assert.include(text, "  /** one two *\\/ end */\n")
  })
})
