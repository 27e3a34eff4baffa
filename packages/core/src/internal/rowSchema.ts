/** Checks rows against the caller's schema, compiled once a schema. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaJITCompiler from "effect/schema/SchemaJITCompiler"
import { CartoError, ProtocolError } from "../CartoError.ts"

/** A schema whose encoded side are the values that `PgTypes` lists. */
export type RowSchema = Schema.ConstraintDecoder<unknown>

/** Options and schemas stand in the same place of an overloaded call. */
export const isRowSchema = (value: unknown): value is RowSchema => Schema.isSchema(value)

const compiled = <S extends RowSchema>(operation: string, schema: S) => {
  SchemaJITCompiler.enable(schema.ast)
  const decode = Schema.decodeUnknownEffect(schema)
  return (input: unknown): Effect.Effect<S["Type"], CartoError, S["DecodingServices"]> =>
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
}

/** All rows of an answer. */
export const rowsDecoder = <S extends RowSchema>(operation: string, schema: S) =>
  compiled(operation, Schema.Array(schema))

/** The rows of one chunk of a stream. */
export const nonEmptyRowsDecoder = <S extends RowSchema>(operation: string, schema: S) =>
  compiled(operation, Schema.NonEmptyArray(schema))
