import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Exit, Result, Stream } from "effect"
import * as CopyBinary from "../src/CopyBinary.ts"
import * as CopyText from "../src/CopyText.ts"
import type { Column } from "../src/PgTypes.ts"
import { cut, Sizes } from "./chunks.ts"
import { Postgres } from "./postgres.ts"

/** Every type with a binary decoder, and the values that are apt to go wrong. */
const samples: Readonly<Record<string, ReadonlyArray<string>>> = {
  bool: ["true", "false"],
  int2: ["-32768", "32767"],
  int4: ["-2147483648", "2147483647"],
  int8: ["-9223372036854775808", "9007199254740993", "0"],
  oid: ["4294967295"],
  float4: [
    "0.1",
    "1.17549435e-38",
    "1.1754942e-38",
    "1.5",
    "100000",
    "1e10",
    "9.999999e9",
    "1e-45",
    "3.4028235e38",
    "16777216",
    "NaN",
    "-Infinity",
    "-0",
    "123456.79"
  ],
  float8: ["0.1", "5e-324", "1.7976931348623157e308", "NaN", "Infinity", "-0"],
  numeric: [
    "0",
    "0.00",
    "1.10",
    "-1.10",
    "0.0001",
    "0.00001",
    "123456789012345678901234567890.123456789",
    "10000",
    "1e20",
    "1e-20",
    "NaN",
    "Infinity",
    "-Infinity",
    "-0.5",
    "99999999"
  ],
  text: ["", "it''s", "a\tb\nc\\d", "ñ💚", "\\N", "a long text that does not fit in twenty-four bytes"],
  varchar: ["x"],
  bpchar: ["x"],
  name: ["x"],
  xml: ["<a/>"],
  json: ['{"a": [1, null]}', "null", '"x"', "12"],
  jsonb: ['{"a": [1, null]}', "null", "[]"],
  bytea: ["\\x", "\\x00ff5c"],
  uuid: ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  date: [
    "2020-01-31",
    "0044-03-15 BC",
    "0001-01-01",
    "infinity",
    "-infinity",
    "12020-02-29",
    "5874897-12-31",
    "1970-01-01"
  ],
  timestamp: [
    "2020-01-31 12:34:56.789012",
    "1969-12-31 23:59:59.999999",
    "0044-03-15 00:00:00 BC",
    "infinity",
    "-infinity",
    "294276-12-31 23:59:59.999999",
    "2500-01-01 00:00:00.000001",
    "0099-01-01 00:00:00",
    "4713-01-01 00:00:00 BC"
  ],
  timestamptz: ["2020-01-31 12:34:56.789012+02", "2020-01-31 12:34:56+05:30", "infinity", "290000-01-01 00:00:00.5+00"],
  time: ["00:00:00", "24:00:00", "12:34:56.000001"],
  timetz: ["12:00:00+02", "12:00:00.5-05:30", "00:00:00+01:02:03", "00:00:00+00"],
  interval: [
    "1 year 2 mons -3 days",
    "-1 days +02:03:04.567",
    "00:00:00",
    "-00:00:00.000001",
    "-1 year -1 mons",
    "100000:00:00"
  ],
  point: ["(1,-2.5)", "(NaN,Infinity)"],
  _int4: ["{}", "{1,NULL,3}", "{{1,2},{3,4}}", "[0:1]={7,8}"],
  _text: ['{"",NULL,"NULL","a,b","c\\"d\\\\"}'],
  _numeric: ["{1.50,NaN}"],
  _timestamptz: ["{2020-01-31 12:34:56.789012+00}"],
  _bytea: ['{"\\\\x01"}'],
  _jsonb: ['{"{\\"a\\": 1}",NULL}'],
  _interval: ['{"1 day"}'],
  _bool: ["{t,f}"],
  _uuid: ["{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}"]
}

const decodeAll = (bytes: Iterable<Uint8Array>, columns: ReadonlyArray<Column>) =>
  Stream.fromIterable(bytes).pipe(Stream.pipeThroughChannel(CopyBinary.decodeRows(columns)), Stream.runCollect)

it.layer(Postgres.layer)("CopyBinary, from PostgreSQL", (it) => {
  for (const [pgtype, texts] of Object.entries(samples)) {
    it.effect(`${pgtype} is the same value as from COPY text`, () =>
      Effect.gen(function* () {
        const postgres = yield* Postgres
        const values = texts.map((text) => `(E'${text.replaceAll("\\", "\\\\")}'::${pgtype})`).join(",")
        const query = `select x, null::${pgtype} as nothing from (values ${values}) v(x)`
        const columns = [
          { name: "x", pgtype },
          { name: "nothing", pgtype }
        ]
        const binary = yield* decodeAll([yield* postgres.copyTo(query, "binary")], columns)
        const text = yield* Stream.make(yield* postgres.copyTo(query, "text")).pipe(
          Stream.pipeThroughChannel(CopyText.decodeRows(columns)),
          Stream.runCollect
        )
        assert.strictEqual(binary.length, texts.length)
        assert.deepStrictEqual(binary, text)
        assert.isTrue(binary.every((row) => row.nothing === null))
      })
    )
  }

  it.effect("values are exact", () =>
    Effect.gen(function* () {
      const postgres = yield* Postgres
      const data = yield* postgres.copyTo(
        "select 9007199254740993::int8 as a, 1.10::numeric as b, timestamptz '2020-01-31 12:34:56.789012+00' as c",
        "binary"
      )
      const rows = yield* decodeAll(
        [data],
        [
          { name: "a", pgtype: "int8" },
          { name: "b", pgtype: "numeric" },
          { name: "c", pgtype: "timestamptz" }
        ]
      )
      assert.deepStrictEqual(rows, [
        { a: 9007199254740993n, b: "1.10", c: DateTime.mapEpochMillis(DateTime.makeUnsafe(0), () => 1580474096789.012) }
      ])
    })
  )

  it.effect.prop("chunk borders do not matter", [Sizes], ([sizes]) =>
    Effect.gen(function* () {
      const postgres = yield* Postgres
      const query = "select i, repeat('ñ', i % 40) as t, null::int as n from generate_series(1, 30) i"
      const columns = [
        { name: "i", pgtype: "int4" },
        { name: "t", pgtype: "text" },
        { name: "n", pgtype: "int4" }
      ]
      const rows = yield* decodeAll(cut(yield* postgres.copyTo(query, "binary"), sizes), columns)
      assert.strictEqual(rows.length, 30)
      assert.isTrue(rows.every((row, i) => row.i === i + 1 && row.t === "ñ".repeat((i + 1) % 40) && row.n === null))
    })
  )
})

const row = (...cells: ReadonlyArray<ReadonlyArray<number>>) => [0, cells.length, ...cells.flat()]
const int4 = (n: number) => [0, 0, 0, 4, 0, 0, 0, n]
const header = [80, 71, 67, 79, 80, 89, 10, 255, 13, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0]
const a = [{ name: "a", pgtype: "int4" }]

const failureOf = (bytes: ReadonlyArray<number>, columns: ReadonlyArray<Column> = a) =>
  Effect.gen(function* () {
    const rows: Array<unknown> = []
    const exit = yield* Stream.make(Uint8Array.from(bytes)).pipe(
      Stream.pipeThroughChannel(CopyBinary.decodeRows(columns)),
      Stream.runForEach((row) => Effect.sync(() => rows.push(row))),
      Effect.result
    )
    return { rows, error: Result.isFailure(exit) ? exit.failure : undefined }
  })

describe("CopyBinary", () => {
  it.effect("a missing trailer fails after the rows before it", () =>
    Effect.gen(function* () {
      const { error, rows } = yield* failureOf([...header, ...row(int4(7)), ...row(int4(8))])
      assert.deepStrictEqual(rows, [{ a: 7 }, { a: 8 }])
      assert.strictEqual(error?._tag, "CopyFormatError")
      assert.include(error?.message ?? "", "row 3")
    })
  )

  const textRow = (size: number) =>
    row([0, 0, size >> 8, size & 255, ...Array.from({ length: size }, (_, i) => 97 + (i % 26))])
  const textColumn = [{ name: "a", pgtype: "text" }]

  it.effect("borders of large chunks do not matter, nor do rows that are longer than what is joined at a border", () =>
    Effect.gen(function* () {
      const sizes = [10, 4000, 3, 9000, 5000, 1, 4096, 30_000, 0, 700, 4092, 12_000]
      const rows = [...sizes, ...sizes, ...sizes]
      const bytes = Uint8Array.from([...header, ...rows.flatMap(textRow), 255, 255])
      for (let first = 1; first < 25_000; first += 97) {
        const chunks = cut(bytes, [first, 4097, 5000, 1, 70_000, 4096, 10_000])
        const decoded = yield* decodeAll(chunks, textColumn)
        assert.deepStrictEqual(
          decoded.map(({ a }) => String(a).length),
          rows
        )
      }
    })
  )

  it.effect("data behind the end is refused where large chunks meet", () =>
    Effect.gen(function* () {
      const bytes = [...header, ...textRow(9000), ...textRow(4000), 255, 255]
      for (const behind of [1, 60, 5000]) {
        const all = Uint8Array.from([...bytes, ...Array.from({ length: behind }, () => 7)])
        for (const end of [9000, 9030, bytes.length - 4096, bytes.length - 4000, bytes.length - 1]) {
          const result = yield* Effect.result(decodeAll([all.subarray(0, end), all.subarray(end)], textColumn))
          assert.strictEqual(Result.isFailure(result) && result.failure._tag, "CopyFormatError")
        }
      }
    })
  )

  it.effect("no data at all is incomplete", () =>
    Effect.map(failureOf([]), ({ error }) => assert.strictEqual(error?._tag, "CopyFormatError"))
  )

  it.effect("other formats and wrong cell counts and sizes are refused", () =>
    Effect.gen(function* () {
      for (const bytes of [
        [..."1\t2\n3\t4\n5\t6\n7\t8\n9\t0\n"].map((c) => c.charCodeAt(0)),
        [...header, ...row(int4(1), int4(2)), 255, 255],
        [...header, 0, 1, 255, 255, 255, 254, 255, 255],
        [...header, 255, 255, 1]
      ]) {
        const { error } = yield* failureOf(bytes)
        assert.strictEqual(error?._tag, "CopyFormatError", JSON.stringify(bytes))
      }
    })
  )

  it.effect("a column of another type than told is named", () =>
    Effect.gen(function* () {
      const { error } = yield* failureOf([...header, ...row(int4(1)), 255, 255], [{ name: "a", pgtype: "int8" }])
      assert.strictEqual(
        error?.message,
        'Column "a" of type int8: 4 bytes are not its binary form: the column has another type'
      )
      for (const pgtype of ["bool", "int2", "INT8", "float8", "date", "timestamptz", "uuid"]) {
        for (const cell of [
          [0, 0, 0, 3, 1, 1, 1],
          [0, 0, 0, 0]
        ]) {
          const { error } = yield* failureOf([...header, ...row(cell), 255, 255], [{ name: "a", pgtype }])
          assert.strictEqual(error?._tag, "PgTypeError", pgtype)
        }
      }
    })
  )

  it.effect("a type without binary decoder fails before any byte is read", () =>
    Effect.gen(function* () {
      const columns = [{ name: "a", pgtype: "tsvector" }]
      const exit = yield* Stream.never.pipe(
        Stream.pipeThroughChannel(CopyBinary.decodeRows(columns)),
        Stream.runDrain,
        Effect.exit
      )
      assert.isTrue(Exit.isFailure(exit))
      assert.deepStrictEqual(CopyBinary.unsupported([...a, ...columns]), columns)
    })
  )

  it.effect("a column may have any name", () =>
    Effect.gen(function* () {
      const columns = [
        { name: "__proto__", pgtype: "int4" },
        { name: 'a"]', pgtype: "int4" }
      ]
      const { rows } = yield* failureOf([...header, ...row(int4(1), int4(2)), 255, 255], columns)
      assert.deepStrictEqual(Object.entries(rows[0] ?? {}), [
        ["__proto__", 1],
        ['a"]', 2]
      ])
    })
  )
})
