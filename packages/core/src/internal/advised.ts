/** Says what to do about a refusal, where an API's own words, or the status alone, tell more than the kind of error. */
import { AuthError, CartoError, type CartoErrorReason, NotFoundError, ValidationError } from "../CartoError.ts"

export interface Advice {
  /** All statuses, unless one is told. */
  readonly status?: number | undefined
  /** In the server's words. */
  readonly words?: RegExp | undefined
  readonly advice: string
}

/** The first advice that fits. Only refusals of the request itself have a place for it. */
export const advised =
  (advices: ReadonlyArray<Advice>) =>
  (error: CartoError): CartoError => {
    const { reason } = error
    const found = advices.find(
      ({ status, words }) =>
        (status === undefined || status === reason.status) && (words === undefined || words.test(reason.message))
    )
    const better = found === undefined ? undefined : withAdvice(reason, found.advice)
    return better === undefined ? error : new CartoError({ operation: error.operation, reason: better })
  }

const withAdvice = (reason: CartoErrorReason, advice: string): CartoErrorReason | undefined => {
  switch (reason._tag) {
    case "AuthError":
      return new AuthError({ status: reason.status, message: reason.message, hint: advice })
    case "ValidationError":
      return new ValidationError({
        ...(reason.status === undefined ? {} : { status: reason.status }),
        message: reason.message,
        advice
      })
    default:
      return undefined
  }
}

/** Says what is not there, where the server says only that something is not. */
export const notFoundAs =
  (message: string) =>
  (error: CartoError): CartoError =>
    error.reason._tag === "NotFoundError" && error.reason.message === "not found"
      ? new CartoError({ operation: error.operation, reason: new NotFoundError({ status: 404, message }) })
      : error
