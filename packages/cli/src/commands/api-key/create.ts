/** `carto api-key create`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { name, user } from "./flags.ts"
import { grantFlags } from "./grantFlags.ts"

export const create = () =>
  Command.make(
    "create",
    { name, ...grantFlags, user },
    lazily(() => import("./create.run.ts"))
  ).pipe(
    Command.withDescription(
      "Make a key that may do what is named and nothing else, and print its token; what it may do cannot be changed later"
    ),
    Command.withShortDescription("Make a key, and print its token"),
    Command.withExamples([
      { command: "carto api-key create web --sql --maps --table cities --table ada.roads:select" },
      { command: "carto api-key create loader --sql --table visits:select,insert --create-tables > token.txt" },
      { command: "carto api-key create geocoder --sql --dataservices geocoding,isolines --json name,token" }
    ])
  )
