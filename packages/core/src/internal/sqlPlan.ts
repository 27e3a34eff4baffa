/** What may be done with a statement: sent at all, sent again, wrapped in another query. */
import * as Result from "effect/Result"
import type { CartoError } from "../CartoError.ts"
import * as SqlText from "../SqlText.ts"
import { leavesTransactionOpen } from "./openTransaction.ts"
import { refuse } from "./refuse.ts"
import { callsNothingUnknown } from "./sqlCalls.ts"
import { refusal } from "./sqlCompiler.ts"
import { lex } from "./sqlLexer.ts"

export interface Plan {
  readonly text: string
  /** Nothing in it writes, as far as text can tell. */
  readonly isReadOnly: boolean
  /** Running it twice does no more than running it once. */
  readonly isRepeatable: boolean
  /** The one statement it consists of, without semicolon. */
  readonly single: string | undefined
  /** The one query it consists of, when it can stand in a FROM. */
  readonly query: string | undefined
}

const queries = new Set(["SELECT", "WITH", "VALUES", "TABLE"])

export const plan = (
  operation: string,
  text: string,
  options?: { readonly readOnly?: boolean | undefined }
): Result.Result<Plan, CartoError> => {
  const unwritable = refusal(text)
  if (unwritable !== undefined) {
    return Result.fail(refuse(operation, unwritable, "Change the value or where it stands; nothing was sent."))
  }
  return Result.match(SqlText.statements(text), {
    onFailure: (error) =>
      Result.fail(refuse(operation, error.message, "Close it, or the server would read on into nothing.")),
    onSuccess: (statements) => {
      const isReadOnly = statements.every((statement) => statement.isReadOnly)
      const [only, ...rest] = statements
      if (options?.readOnly === true && !isReadOnly) {
        const writer = statements.find((statement) => !statement.isReadOnly)
        return Result.fail(
          refuse(
            operation,
            `${writer?.keyword ?? "This"} may write, and this client only reads`,
            "Use one that writes."
          )
        )
      }
      // The server answers with the count alone, as if there were no rows (SQL reference, §6.4).
      if (statements.some(({ keyword, text }) => keyword === "COPY" && Result.isSuccess(SqlText.copyDirection(text)))) {
        return Result.fail(
          refuse(operation, "the data of a COPY does not go through a query", "Use SqlCopy, or carto sql copy.")
        )
      }
      if (leavesTransactionOpen(statements)) {
        return Result.fail(
          refuse(
            operation,
            "the transaction would stay open behind its request, and take in those of others",
            "End it in the same text; without BEGIN and COMMIT all statements of a request are one transaction anyway."
          )
        )
      }
      return Result.succeed({
        text,
        isReadOnly,
        isRepeatable: isReadOnly && callsNothingUnknown(lex(text).tokens),
        single: rest.length === 0 ? only?.text : undefined,
        query: rest.length === 0 && only?.isReadOnly && queries.has(only.keyword) ? only.text : undefined
      })
    }
  })
}
