/** `carto import wait`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { id } from "./flags.ts"

export const wait = () =>
  Command.make(
    "wait",
    { id },
    lazily(() => import("./wait.run.ts"))
  ).pipe(
    Command.withDescription("Wait for an import, its states on standard error, and print the datasets that it made"),
    Command.withShortDescription("Wait for an import"),
    Command.withExamples([{ command: 'id=$(carto import create --no-wait big.csv); carto import wait "$id"' }])
  )
