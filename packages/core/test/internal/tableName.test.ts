import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { tableName } from "../../src/internal/tableName.ts"
import * as Literal from "../../src/Literal.ts"

const parsed: ReadonlyArray<readonly [text: string, schema: string | undefined, name: string, quoted: string]> = [
  ["cities", undefined, "cities", '"cities"'],
  ["Cities 2", undefined, "Cities 2", '"Cities 2"'],
  ["alice.cities", "alice", "cities", '"alice"."cities"'],
  ['"alice-b".cities', "alice-b", "cities", '"alice-b"."cities"'],
  ['alice."a.b"', "alice", "a.b", '"alice"."a.b"'],
  ['"a.b"', undefined, "a.b", '"a.b"'],
  ['"say ""hi"""', undefined, 'say "hi"', '"say ""hi"""'],
  ['"a""."".b"', undefined, 'a".".b', '"a""."".b"'],
  ["x'; drop table y", undefined, "x'; drop table y", '"x\'; drop table y"']
]

describe("tableName", () => {
  for (const [text, schema, name, quoted] of parsed) {
    it.effect(`reads ${text}`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* tableName("test", text), { schema, name, quoted })
      })
    )
  }

  for (const text of ["", ".", "a.", ".a", "a.b.c", '"', '"a', 'a"b', '""', "a\0b", "\ud800", "é".repeat(32)]) {
    it.effect(`refuses ${JSON.stringify(text.slice(0, 12))}`, () =>
      Effect.gen(function* () {
        const { reason } = yield* Effect.flip(tableName("test", text))
        assert.strictEqual(reason._tag, "ValidationError")
      })
    )
  }

  it.effect.prop("reads any name in quotes as itself", [Arbitrary.schema(Schema.NonEmptyString)], ([text]) =>
    Effect.gen(function* () {
      const name = text.toWellFormed().replaceAll("\0", "").slice(0, 15) || "a"
      assert.strictEqual((yield* tableName("test", Literal.identifier(name))).name, name)
    })
  )
})
