import { afterEach, assert, describe, it, vi } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as CopyBinary from "../../src/CopyBinary.ts"
import * as CopyText from "../../src/CopyText.ts"
import { decodeInPlace } from "../../src/internal/rowFunction.ts"

const columns = [
  { name: "a", pgtype: "int4" },
  { name: "__proto__", pgtype: "text" },
  { name: 'b"\\', pgtype: "text" }
]
const text = new TextEncoder().encode("1\tx\t\\N\n")
const binary = Uint8Array.from([
  ...[80, 71, 67, 79, 80, 89, 10, 255, 13, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ...[0, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1, 120, 255, 255, 255, 255, 255, 255]
])

const rows = Effect.gen(function* () {
  const decoded = yield* Effect.all([
    Stream.make(text).pipe(Stream.pipeThroughChannel(CopyText.decodeRows(columns)), Stream.runCollect),
    Stream.make(binary.subarray(0, 25), binary.subarray(25)).pipe(
      Stream.pipeThroughChannel(CopyBinary.decodeRows(columns)),
      Stream.runCollect
    )
  ])
  return decoded.flat().map((row): ReadonlyArray<readonly [string, unknown]> => Object.entries(row))
})

const expected: ReadonlyArray<readonly [string, unknown]> = [
  ["a", 1],
  ["__proto__", "x"],
  ['b"\\', null]
]

/** What is stored in rows whose columns are decoded in place. */
const decodedInPlace = () => {
  const stored: Array<string | symbol> = []
  const decode = decodeInPlace([
    { name: "same", keepsNumbers: false, decode: (value) => value },
    { name: "__proto__", keepsNumbers: false, decode: Number },
    {
      name: 'b"\\',
      keepsNumbers: true,
      decode: (value) => (value === "NaN" ? Number.NaN : assert.fail("a number is kept"))
    },
    { name: "c", keepsNumbers: false, decode: () => assert.fail("NULL is not decoded") }
  ])
  const rows: ReadonlyArray<Record<string, unknown>> = JSON.parse(
    '[{"same":"1","__proto__":"2","b\\"\\\\":"NaN","c":null,"other":"3"},{"same":"4","__proto__":"5","b\\"\\\\":6}]'
  )
  for (const row of rows) {
    decode(
      new Proxy(row, {
        set: (target, key, value) => {
          stored.push(key)
          return Reflect.set(target, key, value)
        }
      })
    )
  }
  return { stored, rows: rows.map((row) => Object.entries(row)) }
}

const expectedInPlace: ReturnType<typeof decodedInPlace> = {
  stored: ["__proto__", 'b"\\', "__proto__"],
  rows: [
    [
      ["same", "1"],
      ["__proto__", 2],
      ['b"\\', Number.NaN],
      ["c", null],
      ["other", "3"]
    ],
    [
      ["same", "4"],
      ["__proto__", 5],
      ['b"\\', 6]
    ]
  ]
}

describe("rows", () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it.effect("are built by generated code", () =>
    Effect.map(rows, (rows) => assert.deepStrictEqual(rows, [expected, expected]))
  )

  it("are decoded in place by generated code, and stored to only where a value changes", () => {
    assert.deepStrictEqual(decodedInPlace(), expectedInPlace)
  })

  it.effect("are the same where generated code is forbidden", () =>
    Effect.gen(function* () {
      let asked = 0
      vi.stubGlobal("Function", function Forbidden() {
        asked++
        throw new EvalError("Code generation from strings disallowed for this context")
      })
      assert.deepStrictEqual(yield* rows, [expected, expected])
      assert.deepStrictEqual(decodedInPlace(), expectedInPlace)
      assert.strictEqual(asked, 3)
    })
  )
})
