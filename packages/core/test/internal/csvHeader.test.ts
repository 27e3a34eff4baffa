import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as CsvHeader from "../../src/internal/csvHeader.ts"
import { cut } from "../chunks.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const pieces = (text: string, size: number) => Stream.fromIterable(cut(bytes(text), [size - 1]))

const headers: ReadonlyArray<readonly [text: string, delimiter: string, columns: ReadonlyArray<string>]> = [
  ["a,b\n1,2\n", ",", ["a", "b"]],
  ["a;b\r\n1;2\r\n", ";", ["a", "b"]],
  ["\uFEFFa, b \n", ",", ["a", "b"]],
  ['"a\nb","say ""x"""\n1,2\n', ",", ["a\nb", 'say "x"']],
  ["größe\n1", ",", ["größe"]],
  ["a,b", ",", ["a", "b"]]
]

describe("the header of a CSV", () => {
  for (const [text, delimiter, columns] of headers) {
    for (const size of [1, 3, 1000]) {
      it.effect(`${JSON.stringify(text)} in pieces of ${size} names its columns, and none of it is lost`, () =>
        Effect.gen(function* () {
          const found = yield* CsvHeader.peel("test", pieces(text, size), delimiter)
          assert.deepStrictEqual(found.columns, columns)
          const all = yield* Stream.runCollect(Stream.decodeText(found.data))
          assert.strictEqual(all.join(""), text.replace("\uFEFF", all.join("").startsWith("\uFEFF") ? "\uFEFF" : ""))
        })
      )
    }
  }

  const refused: ReadonlyArray<readonly [data: Uint8Array, message: RegExp]> = [
    [bytes(""), /empty/],
    [bytes("a,,b\n"), /without a name/],
    [Uint8Array.of(0x1f, 0x8b, 8, 0), /compressed/]
  ]
  for (const [data, message] of refused) {
    it.effect(`is refused: ${message.source}`, () =>
      Effect.gen(function* () {
        const { reason } = yield* Effect.flip(CsvHeader.peel("test", Stream.make(data), ","))
        assert.strictEqual(reason._tag, "ValidationError")
        assert.match(reason.message, message)
      })
    )
  }

  it.effect("reads no further than the first line", () =>
    Effect.gen(function* () {
      let read = 0
      const data = Stream.make(bytes("a,b\n"), bytes("1,2\n"), bytes("3,4\n")).pipe(
        Stream.rechunk(1),
        Stream.tap(() => Effect.sync(() => read++))
      )
      yield* CsvHeader.peel("test", data, ",")
      assert.strictEqual(read, 1)
    })
  )
})
