/** The SQL API's JSON answer (SQL reference, §6.3): rows, what is known about them, and an error that came too late. */
import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { CartoError, ProtocolError } from "../CartoError.ts"
import * as PgTypes from "../PgTypes.ts"
import { toSqlReason } from "./toReason.ts"

const Texts = Schema.optionalKey(Schema.Array(Schema.String))

/** Everything beside the rows. Old servers leave members out, so none is required. */
const Metadata = Schema.Struct({
  time: Schema.optionalKey(Schema.Finite),
  fields: Schema.optionalKey(PgTypes.Fields),
  total_rows: Schema.optionalKey(Schema.Finite),
  error: Texts,
  notices: Texts,
  warnings: Texts,
  infos: Texts
})
export type Metadata = typeof Metadata.Type

/** What a statement told beside its rows. */
export interface Told {
  /** Rows of the last statement: affected by a change, or selected. 0 for DDL. */
  readonly totalRows: number
  /** As the server measured it, to the millisecond. */
  readonly time: Duration.Duration
  /** NOTICE messages of PostgreSQL, INFO among them. */
  readonly notices: ReadonlyArray<string>
  readonly warnings: ReadonlyArray<string>
}

export const told = (metadata: Metadata): Told => ({
  totalRows: metadata.total_rows ?? 0,
  time: Duration.seconds(metadata.time ?? 0),
  notices: [...(metadata.notices ?? []), ...(metadata.infos ?? [])],
  warnings: metadata.warnings ?? []
})

export interface Answer extends Told {
  /** As they came: still to be decoded by type. Only this answer holds them, so they may be decoded in place. */
  readonly rows: ReadonlyArray<Record<string, unknown>>
  readonly fields: PgTypes.Fields
}

const decodeMetadata = Schema.decodeUnknownResult(Metadata)

/** The metadata of an answer, or the failure that it tells or is. */
export const readMetadata = (operation: string, json: unknown, body: string): Result.Result<Metadata, CartoError> =>
  Result.mapError(
    decodeMetadata(json),
    (error) => new CartoError({ operation, reason: malformed(`another shape than expected: ${error.message}`, body) })
  )

/** The error of a 200 answer. It has no detail or hint, so that a timeout is known by its text only. */
export const lateReason = (messages: ReadonlyArray<string>, clean: (text: string) => string) =>
  toSqlReason({ message: clean(messages.join("; ")) }, 200)

export const readAnswer = (
  operation: string,
  body: string,
  clean: (text: string) => string
): Result.Result<Answer, CartoError> => {
  const parsed = Result.try((): unknown => JSON.parse(body))
  if (Result.isFailure(parsed)) {
    return Result.fail(new CartoError({ operation, reason: malformed("not JSON, or cut off", clean(body)) }))
  }
  const json = parsed.success
  if (!Predicate.isObject(json) || !Array.isArray(json.rows)) {
    return Result.fail(new CartoError({ operation, reason: malformed("JSON without rows", clean(body)) }))
  }
  const rows: ReadonlyArray<Record<string, unknown>> = json.rows
  return Result.flatMap(readMetadata(operation, json, clean(body)), (metadata) =>
    metadata.error === undefined
      ? Result.succeed({ ...told(metadata), rows, fields: metadata.fields ?? {} })
      : Result.fail(CartoError.afterRows({ operation, reason: lateReason(metadata.error, clean) }, rows))
  )
}

const malformed = (what: string, body: string) =>
  new ProtocolError({ status: 200, message: `the answer is ${what}`, body: body.slice(0, 500) })
