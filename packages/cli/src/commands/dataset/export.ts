/** `carto dataset export`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { fileFormats } from "../../format/rowFormats.ts"
import { lazily } from "../../lazily.ts"
import { force, tableName } from "./flags.ts"

export const exportCommand = () =>
  Command.make(
    "export",
    {
      name: tableName,
      format: Flag.Literals("format", ["csv", ...fileFormats]).pipe(
        Flag.withAlias("f"),
        Flag.withMetavar("FORMAT"),
        Flag.withDescription(
          "Default: what the name of --output says, else csv; only csv is whole and exact at any size"
        ),
        Flag.optional
      ),
      output: Flag.String("output").pipe(
        Flag.withAlias("o"),
        Flag.withMetavar("FILE"),
        Flag.withDescription(
          "Default: the name of the dataset with the format's extension; .csv.gz is compressed; - is standard output"
        ),
        Flag.optional
      ),
      force: force.pipe(Flag.withDescription("Replace a file that is there"))
    },
    lazily(() => import("./export.run.ts"))
  ).pipe(
    Command.withDescription(
      "Write a dataset into a file, which appears only when it is complete: csv by COPY, with every digit and geometry as it is stored, other formats as the server makes them"
    ),
    Command.withShortDescription("Write a dataset into a file"),
    Command.withExamples([
      { command: "carto dataset export stations", description: "stations.csv" },
      { command: "carto dataset export stations --output stations.gpkg" },
      { command: "carto dataset export stations --format geojson --output - | jq '.features | length'" }
    ])
  )
