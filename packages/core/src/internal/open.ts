/** Structs that keep the members they do not know: what the server stores must come back whole when it is replaced. */
import * as Schema from "effect/Schema"

export const open = <const Fields extends Schema.Struct.Fields>(fields: Fields) => {
  const known = new Set(Object.keys(fields))
  const isOther = Schema.makeFilter((name: string) => !known.has(name))
  return Schema.StructWithRest(Schema.Struct(fields), [Schema.Record(Schema.String.check(isOther), Schema.Unknown)])
}
