/** `carto dataset append`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { loadFlags } from "./loadFlags.ts"

export const append = () =>
  Command.make(
    "append",
    loadFlags,
    lazily(() => import("./append.run.ts"))
  ).pipe(
    Command.withDescription("Add rows to a dataset, all or none; they get a cartodb_id of their own"),
    Command.withShortDescription("Add rows, all or none"),
    Command.withExamples([{ command: "carto dataset append readings today.csv" }])
  )
