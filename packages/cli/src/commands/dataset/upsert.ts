/** `carto dataset upsert`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { loadFlags } from "./loadFlags.ts"

export const upsert = () =>
  Command.make(
    "upsert",
    {
      ...loadFlags,
      key: Flag.String("key").pipe(
        Flag.map((list): ReadonlyArray<string> => list.split(",").map((name) => name.trim())),
        Flag.filter(
          (names) => names.every((name) => name !== ""),
          () => "column names with commas between them"
        ),
        Flag.withMetavar("A,B"),
        Flag.withDescription("The columns that tell which row is which; they need no index")
      )
    },
    lazily(() => import("./upsert.run.ts"))
  ).pipe(
    Command.withDescription("Change the rows with the same key, and add the others, all or none"),
    Command.withExamples([{ command: "carto dataset upsert stations changes.csv --key code" }])
  )
