/** What the COPY decoders may fail with. */
import { CopyFormatError } from "../CopyFormatError.ts"
import { PgTypeError } from "../PgTypeError.ts"

export type CopyDecodeError = CopyFormatError | PgTypeError

export const isCopyDecodeError = (error: unknown): error is CopyDecodeError =>
  error instanceof CopyFormatError || error instanceof PgTypeError
