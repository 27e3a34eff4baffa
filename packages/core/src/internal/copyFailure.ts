/** What the readers of COPY data and of rows may fail with, as the one error of the library. */
import { CartoError, type CartoErrorReason, ProtocolError } from "../CartoError.ts"
import type { CopyFormatError } from "../CopyFormatError.ts"
import type { PgTypeError } from "../PgTypeError.ts"
import { CopyTailError } from "./copyTail.ts"
import { type JsonRowsError, JsonRowsFailure } from "./jsonRows.ts"
import { toSqlReason } from "./toReason.ts"

type ReadError = CartoError | CopyFormatError | CopyTailError | PgTypeError | JsonRowsError | JsonRowsFailure

const reasonOf = (error: Exclude<ReadError, CartoError>, clean: (text: string) => string): CartoErrorReason => {
  if (error instanceof CopyTailError) {
    const { detail, hint } = error.body
    return toSqlReason(
      {
        message: clean(error.message),
        ...(detail === undefined ? {} : { detail: clean(detail) }),
        ...(hint === undefined ? {} : { hint: clean(hint) })
      },
      200
    )
  }
  if (error instanceof JsonRowsFailure) return toSqlReason({ message: clean(error.message) }, 200)
  return new ProtocolError({ status: 200, message: clean(error.message), body: "" })
}

/** Errors of the connection pass; those of the data get the operation's name. */
export const toCartoError =
  (operation: string, clean: (text: string) => string) =>
  (error: ReadError): CartoError =>
    error instanceof CartoError ? error : new CartoError({ operation, reason: reasonOf(error, clean) })
