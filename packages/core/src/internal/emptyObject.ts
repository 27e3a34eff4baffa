/** Where the platform writes `{}` for "there is none" (platform reference, §8.1). */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

const isEmpty = (value: unknown): boolean =>
  Predicate.isObject(value) && !Array.isArray(value) && Object.keys(value).length === 0

/** Decodes `{}` and `null` as `null`, everything else by the schema. */
export const nullWhenEmpty = <S extends Schema.Constraint>(schema: S) =>
  Schema.Unknown.pipe(
    Schema.decodeTo(Schema.NullOr(schema), {
      decode: SchemaGetter.transform((value) => (isEmpty(value) ? null : value)),
      encode: SchemaGetter.transform((value) => value)
    })
  )
