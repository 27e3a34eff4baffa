/** Checks rows against the caller's schema, compiled once a schema. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaJITCompiler from "effect/schema/SchemaJITCompiler"
import { CartoError, ProtocolError } from "../CartoError.ts"

/** A schema whose encoded side are the values that `PgTypes` lists. */
export type RowSchema = Schema.ConstraintDecoder<unknown>

/** Options and schemas stand in the same place of an overloaded call. */
export const isRowSchema = (value: unknown): value is RowSchema => Schema.isSchema(value)

const Instant = Schema.Unknown.check(Schema.makeFilter((value) => DateTime.isDateTime(value) && DateTime.isUtc(value)))

const leaves = new Set(["String", "Number", "Boolean", "BigInt", "Literal", "Null", "Unknown", "Any"])

/** Whether a schema only looks at a value. */
const isPlain = (ast: SchemaAST.AST): boolean =>
  ast.encoding === undefined && (SchemaAST.isUnion(ast) ? ast.types.every(isPlain) : leaves.has(ast._tag))

const isNullOr = (schema: Schema.Constraint): schema is Schema.NullOr<Schema.Constraint> =>
  SchemaAST.isUnion(schema.ast) &&
  schema.ast.encoding === undefined &&
  schema.ast.checks === undefined &&
  schema.ast.context === undefined &&
  schema.ast.types.length === 2 &&
  schema.ast.types[1]?._tag === "Null" &&
  Predicate.hasProperty(schema, "members")

/** A field without a declaration that takes and gives the same values; undefined where that is not certain. */
const fastField = (field: Schema.Constraint): Schema.Constraint | undefined => {
  if (isPlain(field.ast)) return field
  if (field.ast === Schema.DateTimeUtc.ast) return Instant
  if (!isNullOr(field)) return undefined
  const member = fastField(field.members[0])
  return member === undefined ? undefined : Schema.NullOr(member)
}

const isStruct = (
  schema: RowSchema
): schema is RowSchema & { readonly fields: Readonly<Record<string, Schema.Constraint>> } =>
  SchemaAST.isObjects(schema.ast) &&
  schema.ast.encoding === undefined &&
  schema.ast.checks === undefined &&
  schema.ast.indexSignatures.length === 0 &&
  Predicate.hasProperty(schema, "fields") &&
  Predicate.isObject(schema.fields) &&
  Object.keys(schema.fields).length === schema.ast.propertySignatures.length

/** Types do not follow the fields one by one; the test of this file does. */
const decodesTo = <S extends RowSchema>(
  _: S,
  fast: Schema.Constraint
): fast is Schema.Constraint & Schema.ConstraintDecoder<S["Type"]> => SchemaAST.isObjects(fast.ast)

/**
 * The compiler leaves a row to the interpreter, at three times the cost, when one of its fields is a declaration, as
 * instants are. This is the same row without one; undefined for a schema that may do more than look at values.
 */
const fastRow = <S extends RowSchema>(schema: S): Schema.ConstraintDecoder<S["Type"]> | undefined => {
  if (!isStruct(schema)) return undefined
  const fields = Object.entries(schema.fields).map(([name, field]) => [name, fastField(field)] as const)
  const known = fields.flatMap(([name, field]) => (field === undefined ? [] : [[name, field] as const]))
  const fast = Schema.Struct(Object.fromEntries(known))
  return known.length === fields.length && decodesTo(schema, fast) ? fast : undefined
}

const compiled = <S extends RowSchema>(
  operation: string,
  rows: S,
  fast: Schema.ConstraintDecoder<S["Type"]> | undefined
) => {
  SchemaJITCompiler.enable(rows.ast)
  const decode = Schema.decodeUnknownEffect(rows)
  const decodeOrTell = (input: unknown): Effect.Effect<S["Type"], CartoError, S["DecodingServices"]> =>
    Effect.mapError(
      decode(input),
      (error) =>
        new CartoError({
          operation,
          reason: new ProtocolError({
            status: 200,
            message: `a row does not fit the schema: ${error.message}`,
            body: ""
          })
        })
    )
  if (fast === undefined) return decodeOrTell
  SchemaJITCompiler.enable(fast.ast)
  const decodeFast = Schema.decodeUnknownOption(fast)
  return (input: unknown): Effect.Effect<S["Type"], CartoError, S["DecodingServices"]> =>
    // What the fast schema refuses is decoded again by the caller's, which tells why.
    Option.match(decodeFast(input), { onNone: () => decodeOrTell(input), onSome: Effect.succeed })
}

/** All rows of an answer. */
export const rowsDecoder = <S extends RowSchema>(operation: string, schema: S) => {
  const fast = fastRow(schema)
  return compiled(operation, Schema.Array(schema), fast && Schema.Array(fast))
}

/** The rows of one chunk of a stream. */
export const nonEmptyRowsDecoder = <S extends RowSchema>(operation: string, schema: S) => {
  const fast = fastRow(schema)
  return compiled(operation, Schema.NonEmptyArray(schema), fast && Schema.NonEmptyArray(fast))
}
