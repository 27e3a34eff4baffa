/** Brings functions that throw typed errors, which hot loops do, back to results. */
import * as Result from "effect/Result"

/** Errors that `isExpected` does not know are bugs, and thrown on. */
export const attempt = <A, E>(isExpected: (error: unknown) => error is E, run: () => A): Result.Result<A, E> => {
  try {
    return Result.succeed(run())
  } catch (error) {
    if (isExpected(error)) return Result.fail(error)
    throw error
  }
}
