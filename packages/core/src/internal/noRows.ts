/** A COPY without rows is refused (SQL reference, §8.1), also where none are fine. */
import { CartoError } from "../CartoError.ts"

export const isNoRows = (error: unknown): error is CartoError =>
  error instanceof CartoError && error.reason.message === "No rows copied"
