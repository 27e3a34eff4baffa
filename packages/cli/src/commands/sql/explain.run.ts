/** The work of `carto sql explain`. */
import { Sql } from "@effect-carto/core/Sql"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Input from "../../Input.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

export interface ExplainInput {
  readonly sql: Option.Option<string>
  readonly analyze: boolean
}

export const run = Effect.fnUntraced(function* ({ analyze, sql: argument }: ExplainInput) {
  const text = yield* Input.statement(argument)
  const plan = yield* withSession(
    Sql.layer(),
    Effect.flatMap(Sql, (sql) => sql.explain({ analyze })(sql.unsafe(text)))
  )
  yield* Records.told(Records.shape(["plan"]), plan, { plan })
})
