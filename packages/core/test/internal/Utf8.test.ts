import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { makeUtf8 } from "../../src/internal/Utf8.ts"

const encode = (text: string) => new TextEncoder().encode(text)

describe("Utf8", () => {
  it.effect.prop("text is read back from anywhere in a chunk", [Schema.String, Schema.String], ([before, text]) =>
    Effect.sync(() => {
      // Encoded one by one: halves of a surrogate pair in two texts would be one character if they were joined.
      const [front, bytes, behind] = [encode(before), encode(text), encode("é")]
      const chunk = Uint8Array.from([...front, ...bytes, ...behind])
      assert.strictEqual(
        makeUtf8().read(chunk, front.length, bytes.length),
        new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)
      )
    })
  )

  it("every length is read, and a character of several bytes at every place", () => {
    const utf8 = makeUtf8()
    for (let length = 0; length < 70; length++) {
      const ascii = "abcdefghij".repeat(7).slice(0, length)
      assert.strictEqual(utf8.read(encode(`[${ascii}]`), 1, length), ascii)
      for (let at = 0; at <= length; at++) {
        const text = `${ascii.slice(0, at)}ñ💚\uFEFF${ascii.slice(at)}`
        assert.strictEqual(utf8.read(encode(`[${text}]`), 1, length + 9), text)
      }
    }
  })

  it("bytes that are no UTF-8 are refused at every place", () => {
    const utf8 = makeUtf8()
    for (let length = 1; length < 70; length++) {
      for (let at = 0; at < length; at++) {
        const bytes = encode("a".repeat(length))
        bytes[at] = 0x80
        assert.throws(() => utf8.read(bytes, 0, length), TypeError)
      }
    }
  })
})
