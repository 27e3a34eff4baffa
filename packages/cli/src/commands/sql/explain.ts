/** `carto sql explain`: how PostgreSQL would run a statement. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"

export const explain = () =>
  Command.make(
    "explain",
    {
      sql: Argument.String("SQL").pipe(
        Argument.withDescription("The statement; - or nothing reads it from standard input"),
        Argument.optional
      ),
      analyze: Flag.Boolean("analyze").pipe(
        Flag.withDescription("Really run the statement, changes included, and show what took how long"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./explain.run.ts"))
  ).pipe(
    Command.withDescription("Show PostgreSQL's plan of a statement"),
    Command.withExamples([
      { command: 'carto sql explain "select * from cities where population > 1000000"' },
      { command: 'carto sql explain --analyze "select count(*) from cities"', description: "With measured times" }
    ])
  )
