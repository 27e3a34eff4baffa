/** `carto sql job create`: puts queries into the queue. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../../lazily.ts"
import { onInterrupt } from "./flags.ts"

export const create = () =>
  Command.make(
    "create",
    {
      queries: Argument.String("SQL").pipe(
        Argument.withDescription("One query or several, each of which commits on its own; - or none: standard input"),
        Argument.variadic()
      ),
      onSuccess: Flag.String("on-success").pipe(
        Flag.withMetavar("SQL"),
        Flag.withDescription("Runs when all queries are done"),
        Flag.optional
      ),
      onError: Flag.String("on-error").pipe(
        Flag.withMetavar("SQL"),
        Flag.withDescription("Runs when a query has failed"),
        Flag.optional
      ),
      wait: Flag.Boolean("wait").pipe(
        Flag.withDescription("Wait until the job is over; --no-wait only prints its id"),
        Flag.withDefault(true)
      ),
      onInterrupt
    },
    lazily(() => import("./create.run.ts"))
  ).pipe(
    Command.withDescription("Run queries as a batch job: its id on standard output, its states on standard error"),
    Command.withShortDescription("Create a job, and wait for it"),
    Command.withExamples([
      { command: 'carto sql job create "create table big as select * from a join b using (id)"' },
      {
        command: 'id=$(carto sql job create --no-wait "analyze a" "analyze b"); carto sql job wait "$id"',
        description: "Several queries, to wait for later"
      }
    ])
  )
