/** `carto dataset export-all`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { concurrency, exportFlags } from "../../exportFlags.ts"
import { lazily } from "../../lazily.ts"

export const exportAll = () =>
  Command.make(
    "export-all",
    {
      ...exportFlags,
      gzip: Flag.Boolean("gzip").pipe(
        Flag.withDescription("Compress the files; --no-gzip writes plain CSV"),
        Flag.withDefault(true)
      ),
      tables: Flag.Boolean("tables").pipe(
        Flag.withDescription("Also tables that are no datasets, which the dashboard does not show"),
        Flag.withDefault(false)
      ),
      concurrency: concurrency(3)
    },
    lazily(() => import("./export-all.run.ts"))
  ).pipe(
    Command.withDescription(
      "Write every dataset of the account into a folder, whole and exact: NAME.csv.gz by COPY, NAME.sql that makes its table again, and a manifest.json with rows, bytes and checksums. Run again, it goes on: what is complete and unchanged is not read again"
    ),
    Command.withShortDescription("Write every dataset of the account into a folder"),
    Command.withExamples([
      { command: "carto dataset export-all backup" },
      {
        command: "jq -r '.entries[] | \"\\(.sha256)  \\(.file)\"' manifest.json | sha256sum --check",
        description: "In the folder: whether the files are still what was written"
      }
    ])
  )
