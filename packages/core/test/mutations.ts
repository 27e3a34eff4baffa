/** Objects as other versions of a server may send them. */
import { Arbitrary, Schema } from "effect"

/**
 * The object with some of its optional members left out, some of its words replaced by others, and members that nobody
 * knows.
 */
export const mutations = (
  object: Readonly<Record<string, unknown>>,
  optional: ReadonlyArray<string>,
  words: ReadonlyArray<string>
): Arbitrary.Arbitrary<Readonly<Record<string, unknown>>> =>
  Arbitrary.schema(
    Schema.Struct({
      dropped: Schema.Array(Schema.Literals(optional)),
      changed: Schema.Array(Schema.Struct({ name: Schema.Literals(words), word: Schema.String })),
      unknown: Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.Json }))
    })
  ).pipe(
    Arbitrary.map(({ changed, dropped, unknown }) => {
      const mutated: Record<string, unknown> = { ...object }
      for (const name of dropped) delete mutated[name]
      for (const { name, word } of changed) mutated[name] = word
      for (const { name, value } of unknown) mutated[`x_${name}`] = value
      return mutated
    })
  )
