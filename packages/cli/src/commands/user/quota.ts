/** `carto user quota`. */
import * as Command from "effect/cli/Command"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"

export const quota = () =>
  Command.make(
    "quota",
    { format: formatFlag },
    lazily(() => import("./quota.run.ts"))
  ).pipe(
    Command.withDescription(
      "List what is used and allowed: bytes of storage, and this month's geocoding, isolines and routing"
    ),
    Command.withShortDescription("List what is used and allowed"),
    Command.withExamples([{ command: "carto user quota --jq '.[] | select(.service == \"storage\").used'" }])
  )
