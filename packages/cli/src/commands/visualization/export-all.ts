/** `carto visualization export-all`. */
import * as Command from "effect/cli/Command"
import { concurrency, exportFlags } from "../../exportFlags.ts"
import { lazily } from "../../lazily.ts"

export const exportAll = () =>
  Command.make(
    "export-all",
    { ...exportFlags, concurrency: concurrency(2) },
    lazily(() => import("./export-all.run.ts"))
  ).pipe(
    Command.withDescription(
      "Write every map of the account into a folder: a .carto file each with the map and its datasets, and a manifest.json with bytes and checksums. Run again, it goes on: what is complete and unchanged is not exported again"
    ),
    Command.withShortDescription("Write every map of the account into a folder"),
    Command.withExamples([
      { command: "carto visualization export-all maps" },
      { command: "carto import create maps/*.carto", description: "Into another account" }
    ])
  )
