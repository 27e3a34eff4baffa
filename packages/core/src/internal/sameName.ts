/** Two columns of one name cannot be asked for by name, as a query around a query has to. */
import type { CartoError } from "../CartoError.ts"
import { refuse } from "./refuse.ts"

/** PostgreSQL's answer to it, where the query itself was run before and is good. */
export const isSameName = ({ reason }: CartoError): boolean =>
  reason._tag === "SqlError" && /^column reference ".*" is ambiguous$/s.test(reason.message)

/** Says it in terms of the query that the caller wrote. */
export const explained = (error: CartoError): CartoError =>
  isSameName(error)
    ? refuse(
        error.operation,
        `${/".*"/s.exec(error.reason.message)?.[0] ?? "one name"} names more than one column of the query`,
        "Give each column a name of its own, with AS."
      )
    : error
