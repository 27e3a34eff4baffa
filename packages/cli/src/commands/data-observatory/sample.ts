/** `carto data-observatory sample`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { id } from "./flags.ts"

export const sample = () =>
  Command.make(
    "sample",
    { id },
    lazily(() => import("./sample.run.ts"))
  ).pipe(
    Command.withDescription("Copy a sample of data, which nobody has to subscribe to, into the account"),
    Command.withShortDescription("Copy a sample of data into the account"),
    Command.withExamples([{ command: "carto data-observatory sample carto-do-public-data.usa_acs.demographics" }])
  )
