/** The SQL API's JSON answer (SQL reference, §6.3): rows, what is known about them, and an error that came too late. */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { CartoError, ProtocolError } from "../CartoError.ts"
import type * as PgTypes from "../PgTypes.ts"
import { excerpt } from "./excerpt.ts"
import { notJson } from "./notJson.ts"
import { Metadata, type Told, told } from "./sqlMetadata.ts"
import { toSqlReason } from "./toReason.ts"

export interface Answer extends Told {
  /** As they came: still to be decoded by type. Only this answer holds them, so they may be decoded in place. */
  readonly rows: ReadonlyArray<Record<string, unknown>>
  readonly fields: PgTypes.Fields
}

const decodeMetadata = Schema.decodeUnknownResult(Metadata)

/** The error of a 200 answer. It has no detail or hint, so that a timeout is known by its text only. */
export const lateReason = (messages: ReadonlyArray<string>, clean: (text: string) => string) =>
  toSqlReason({ message: clean(messages.join("; ")) }, 200)

export const readAnswer = (
  operation: string,
  body: string,
  clean: (text: string) => string
): Result.Result<Answer, CartoError> => {
  const malformed = (what: string) =>
    new CartoError({
      operation,
      reason: new ProtocolError({ status: 200, message: clean(what), body: excerpt(body, clean) })
    })
  const parsed = Result.try((): unknown => JSON.parse(body))
  if (Result.isFailure(parsed)) return Result.fail(malformed(notJson(body) ?? "the answer is not JSON"))
  const json = parsed.success
  if (!Predicate.isObject(json) || !Array.isArray(json.rows))
    return Result.fail(malformed("the answer is JSON without rows"))
  const rows: ReadonlyArray<Record<string, unknown>> = json.rows
  return Result.match(decodeMetadata(json), {
    onFailure: (error) => Result.fail(malformed(`the answer is of another shape than expected: ${error.message}`)),
    onSuccess: (metadata) =>
      metadata.error === undefined
        ? Result.succeed({ ...told(metadata), rows, fields: metadata.fields ?? {} })
        : Result.fail(CartoError.afterRows({ operation, reason: lateReason(metadata.error, clean) }, rows))
  })
}
