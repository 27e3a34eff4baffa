import { afterEach, assert, describe, it, vi } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as CopyBinary from "../../src/CopyBinary.ts"
import * as CopyText from "../../src/CopyText.ts"

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

describe("rows", () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it.effect("are built by generated code", () =>
    Effect.map(rows, (rows) => assert.deepStrictEqual(rows, [expected, expected]))
  )

  it.effect("are the same where generated code is forbidden", () =>
    Effect.gen(function* () {
      let asked = 0
      vi.stubGlobal("Function", function Forbidden() {
        asked++
        throw new EvalError("Code generation from strings disallowed for this context")
      })
      assert.deepStrictEqual(yield* rows, [expected, expected])
      assert.strictEqual(asked, 2)
    })
  )
})
