import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, BigDecimal, DateTime, Duration, Effect, Option, Redacted, Result, Schema, Stream } from "effect"
import * as CopyText from "../src/CopyText.ts"
import { Geometry } from "../src/Geometry.ts"
import { Interval } from "../src/Interval.ts"
import * as Literal from "../src/Literal.ts"
import { Postgres } from "./postgres.ts"

const point = { type: "Point", coordinates: [1, 2] } as const
const hex = "0101000020E6100000000000000000F03F0000000000000040"

const table: ReadonlyArray<readonly [value: unknown, literal: string]> = [
  ["it's", "'it''s'"],
  ["", "''"],
  ["a\\b'", " E'a\\\\b'''"],
  ["ñ💚\n", "'ñ💚\n'"],
  [1, "1"],
  [-1.5, "(-1.5)"],
  [1e300, "1e+300"],
  [5e-324, "5e-324"],
  [-0, "'-0'::float8"],
  [Number.NaN, "'NaN'::float8"],
  [Number.NEGATIVE_INFINITY, "'-Infinity'::float8"],
  [9007199254740993n, "9007199254740993"],
  [-1n, "(-1)"],
  [-(2n ** 63n), "'-9223372036854775808'::int8"],
  [BigDecimal.fromStringUnsafe("-1.25"), "'-1.25'::numeric"],
  [true, "true"],
  [null, "null"],
  [undefined, "null"],
  [Option.none(), "null"],
  [Option.some("x"), "'x'"],
  [new Date("2020-01-31T12:34:56.789Z"), "'2020-01-31 12:34:56.789+00'"],
  [DateTime.makeUnsafe("2020-01-31T00:00:00Z"), "'2020-01-31 00:00:00+00'"],
  [DateTime.makeZonedUnsafe("2020-06-01T12:00:00Z", { timeZone: "Europe/Madrid" }), "'2020-06-01 12:00:00+00'"],
  [new Date("-000043-03-15T00:00:00Z"), "'0044-03-15 00:00:00+00 BC'"],
  [new Date("0000-12-31T23:59:59.999Z"), "'0001-12-31 23:59:59.999+00 BC'"],
  [new Date("+012020-01-01T00:00:00Z"), "'12020-01-01 00:00:00+00'"],
  [Duration.seconds(5), "'0 mons 0 days 0:00:05.000000'::interval"],
  [Duration.micros(-1n), "'0 mons 0 days -0:00:00.000001'::interval"],
  [new Interval({ months: 14, days: -3, microseconds: 3_661_000_001n }), "'14 mons -3 days 1:01:01.000001'::interval"],
  [Uint8Array.of(1, 2, 255), " E'\\\\x0102ff'::bytea"],
  [[1, null, -2.5], "'{1,NULL,-2.5}'"],
  [[], "'{}'"],
  [
    [
      [1, 2],
      [3, 4]
    ],
    "'{{1,2},{3,4}}'"
  ],
  [["a", 'b"', "null", ""], ` E'{"a","b\\\\"","null",""}'`],
  [[point, null], "ARRAY['0101000020E6100000000000000000F03F0000000000000040'::geometry,null]"],
  [{ a: [1, "it's"] }, `'{"a":[1,"it''s"]}'::jsonb`],
  [
    { at: new Date(0), to: DateTime.makeUnsafe(0) },
    `'{"at":"1970-01-01T00:00:00.000Z","to":"1970-01-01T00:00:00.000Z"}'::jsonb`
  ],
  [{ type: "Point" }, `'{"type":"Point"}'::jsonb`],
  [point, "'0101000020E6100000000000000000F03F0000000000000040'::geometry"],
  [Result.getOrThrow(Geometry.fromGeoJson(point)), `'${hex}'::geometry`]
]

const refused: ReadonlyArray<readonly [name: string, value: unknown]> = [
  ["NUL in text", "a\0b"],
  ["half a surrogate pair", "\ud83d"],
  ["NUL deep inside JSON", { a: [{ b: "\0" }] }],
  ["a bigint in JSON", { a: 1n }],
  ["NaN in JSON", { a: Number.NaN }],
  [
    "a circular object",
    Object.assign(
      {},
      {
        get self() {
          return this
        }
      }
    )
  ],
  ["an invalid date", new Date("x")],
  ["an endless duration", Duration.infinity],
  ["half a microsecond", Duration.nanos(500n)],
  ["a Map", new Map()],
  ["a secret", Redacted.make("x")],
  ["a secret inside JSON", { a: [Redacted.make("x")] }],
  ["an Option inside JSON", { a: Option.some(1) }],
  ["an invalid date inside JSON", { a: new Date("x") }],
  ["a function", () => 1],
  ["a symbol in an array", [Symbol("x")]]
]

describe("Literal", () => {
  for (const [value, literal] of table) {
    it(`writes ${literal.slice(0, 60)}`, () => {
      assert.deepStrictEqual(Literal.encode(value), Result.succeed(literal))
    })
  }

  for (const [name, value] of refused) {
    it(`refuses ${name}`, () => {
      const result = Literal.encode(value)
      assert.strictEqual(Result.isFailure(result) && result.failure._tag, "LiteralError")
    })
  }

  it("does not repeat a refused value in the error", () => {
    assert.notInclude(String(Literal.encode(Redacted.make("hunter2"))), "hunter2")
    assert.notInclude(String(Literal.encode("hunter2\0")), "hunter2")
  })

  it("writes anything as jsonb on request", () => {
    assert.deepStrictEqual(Literal.json(point), Result.succeed(`'{"type":"Point","coordinates":[1,2]}'::jsonb`))
    assert.deepStrictEqual(Literal.json([1, "a"]), Result.succeed(`'[1,"a"]'::jsonb`))
    assert.deepStrictEqual(Literal.json(undefined), Result.succeed("'null'::jsonb"))
  })

  it("quotes names, and each part of a qualified one", () => {
    assert.strictEqual(Literal.identifier('a"b.c'), '"a""b.c"')
    assert.strictEqual(Literal.qualified("alice.Cities"), '"alice"."Cities"')
    assert.throws(() => Literal.identifier(""))
    assert.throws(() => Literal.qualified("a..b"))
    assert.throws(() => Literal.identifier("a\0"))
  })
})

/** Text of every plane, dense in what SQL finds special. */
const Text = Schema.Array(
  Schema.Union([
    Schema.Literals([
      "'",
      '"',
      "\\",
      "\n",
      "\t",
      "\r",
      "$$",
      "--",
      "/*",
      "{",
      "}",
      ",",
      "NULL",
      "\\N",
      "\\.",
      " ",
      "💚",
      "ñ",
      "\ufeff",
      "\b",
      "\v"
    ]),
    Schema.String
  ])
)
const texts = Arbitrary.schema(Text).pipe(Arbitrary.map((parts) => parts.join("").replace(/\0|\p{Surrogate}/gu, "")))
const instants = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: -2e14, maximum: 8e15 }))).pipe(
  Arbitrary.map((ms) => DateTime.makeUnsafe(ms))
)
const int8s = Arbitrary.schema(
  Schema.BigInt.check(Schema.isBetweenBigInt({ minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n }))
)
const int4s = Schema.Int.check(Schema.isBetween({ minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }))
const bytes = Arbitrary.schema(Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 })))).pipe(
  Arbitrary.map((numbers) => Uint8Array.from(numbers))
)
const intervals = Arbitrary.all([Arbitrary.schema(int4s), Arbitrary.schema(int4s), int8s]).pipe(
  Arbitrary.map(([months, days, microseconds]) => new Interval({ months, days, microseconds: microseconds / 2n }))
)
const decimals = Arbitrary.all([
  int8s,
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 30 })))
]).pipe(Arbitrary.map(([value, scale]) => BigDecimal.make(value, scale)))

/** Each kind: what to generate, the type that the context gives the literal, and how the value comes back. */
const kinds: ReadonlyArray<{
  readonly pgtype: string
  readonly cast: string
  readonly values: Arbitrary.Arbitrary<unknown>
  /** Brings equal values of different scale to one form. */
  readonly compared?: (value: unknown) => unknown
}> = [
  { pgtype: "text", cast: "text", values: texts },
  { pgtype: "float8", cast: "float8", values: Arbitrary.schema(Schema.Number) },
  { pgtype: "int4", cast: "int4", values: Arbitrary.schema(int4s) },
  { pgtype: "int8", cast: "int8", values: int8s },
  {
    pgtype: "numeric",
    cast: "numeric",
    values: decimals,
    compared: (value) =>
      BigDecimal.format(BigDecimal.isBigDecimal(value) ? value : BigDecimal.fromStringUnsafe(String(value)))
  },
  { pgtype: "bool", cast: "bool", values: Arbitrary.schema(Schema.Boolean) },
  { pgtype: "timestamptz", cast: "timestamptz", values: instants },
  { pgtype: "timestamp", cast: "timestamp", values: instants },
  { pgtype: "interval", cast: "interval", values: intervals },
  { pgtype: "bytea", cast: "bytea", values: bytes },
  {
    pgtype: "jsonb",
    cast: "jsonb",
    values: Arbitrary.map(texts, (text) => ({ [text]: [text, 1.5, null, { a: true }] }))
  },
  { pgtype: "_text", cast: "text[]", values: Arbitrary.array(texts) },
  {
    pgtype: "_text",
    cast: "text[]",
    values: Arbitrary.map(texts, (text) => [
      [text, null],
      [null, text]
    ])
  },
  { pgtype: "_float8", cast: "float8[]", values: Arbitrary.schema(Schema.Array(Schema.NullOr(Schema.Number))) },
  { pgtype: "_int8", cast: "int8[]", values: Arbitrary.array(int8s) },
  { pgtype: "_bool", cast: "bool[]", values: Arbitrary.schema(Schema.Array(Schema.Boolean)) },
  { pgtype: "_timestamptz", cast: "timestamptz[]", values: Arbitrary.array(instants) },
  { pgtype: "_bytea", cast: "bytea[]", values: Arbitrary.array(bytes) },
  { pgtype: "_jsonb", cast: "jsonb[]", values: Arbitrary.array(Arbitrary.map(texts, (text) => ({ a: text }))) },
  { pgtype: "_interval", cast: "interval[]", values: Arbitrary.array(intervals) }
]

it.layer(Postgres.layer)("Literal, through PostgreSQL", (it) => {
  for (const { cast, compared = (value: unknown) => value, pgtype, values } of kinds) {
    it.effect(`a thousand values come back unchanged as ${cast}`, () =>
      Effect.gen(function* () {
        const postgres = yield* Postgres
        const sent = yield* Arbitrary.sampleEffect(values, { count: 1000, size: 12 })
        const rows = sent.map((value, i) => `(${i},${Literal.encodeUnsafe(value)}::${cast})`).join(",")
        const data = yield* postgres.copyTo(`select x from (values ${rows}) v(i, x) order by i`, "text")
        const back = yield* Stream.make(data).pipe(
          Stream.pipeThroughChannel(CopyText.decodeRows([{ name: "x", pgtype }])),
          Stream.map((row) => compared(row.x)),
          Stream.runCollect
        )
        assert.deepStrictEqual(back, sent.map(compared))
      })
    )
  }

  it.effect("a literal keeps its meaning next to operators, casts and names", () =>
    Effect.gen(function* () {
      const postgres = yield* Postgres
      const l = Literal.encodeUnsafe
      const data = yield* postgres.copyTo(
        `select 1 -${l(-2)} as a, ${l(-7)}::text as b, ${l("a\\b")}like${l("a\\\\b")} as c, ${l(-1n)}^2 as d`,
        "text"
      )
      assert.strictEqual(new TextDecoder().decode(data), "3\t-7\tt\t1\n")
    })
  )

  it.effect("a string means the same when standard_conforming_strings is off", () =>
    Effect.gen(function* () {
      const postgres = yield* Postgres
      const text = "a\\'; drop table x; --\\"
      yield* postgres.exec("set standard_conforming_strings = off; set escape_string_warning = off")
      const data = yield* postgres.copyTo(`select length(${Literal.encodeUnsafe(text)})`, "text")
      yield* postgres.exec("set standard_conforming_strings = on")
      assert.strictEqual(new TextDecoder().decode(data), `${text.length}\n`)
    })
  )

  it.effect("rows written as COPY text are what PostgreSQL stores", () =>
    Effect.gen(function* () {
      const postgres = yield* Postgres
      yield* postgres.exec("create table copied (i int, t text, f float8, b bytea, ts timestamptz, j jsonb, a text[])")
      const columns = ["i", "t", "f", "b", "ts", "j", "a"]
      const arbitrary = Arbitrary.all({
        t: texts,
        f: Arbitrary.schema(Schema.Number),
        b: bytes,
        ts: instants,
        j: Arbitrary.map(texts, (text) => ({ text })),
        a: Arbitrary.array(texts)
      })
      const rows = (yield* Arbitrary.sampleEffect(arbitrary, { count: 1000, size: 12 })).map((row, i) => ({
        i,
        ...row
      }))
      const written = yield* Stream.fromIterable(rows).pipe(
        Stream.pipeThroughChannel(CopyText.encode(columns)),
        Stream.runCollect
      )
      yield* postgres.copyFrom("copied", Buffer.concat(written))
      const data = yield* postgres.copyTo("select * from copied order by i", "text")
      const pgtypes = ["int4", "text", "float8", "bytea", "timestamptz", "jsonb", "_text"]
      const back = yield* Stream.make(data).pipe(
        Stream.pipeThroughChannel(CopyText.decodeRows(columns.map((name, i) => ({ name, pgtype: pgtypes[i] ?? "" })))),
        Stream.runCollect
      )
      assert.deepStrictEqual(back, rows)
    })
  )
})
