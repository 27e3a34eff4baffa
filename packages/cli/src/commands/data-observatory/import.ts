/** `carto data-observatory import`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { parseDuration } from "../../Settings.ts"
import { parseColumn } from "./column.ts"
import { name } from "./flags.ts"

export const importCommand = () =>
  Command.make(
    "import",
    {
      name,
      file: Argument.String("FILE").pipe(
        Argument.withDescription("CSV with a header line; - or nothing reads standard input"),
        Argument.optional
      ),
      columns: Flag.String("column").pipe(
        Flag.filterMap(parseColumn, () => "NAME:TYPE, such as price:FLOAT64 or geom:GEOGRAPHY"),
        Flag.withMetavar("NAME:TYPE"),
        Flag.withDescription("A column and its type of BigQuery; given for each, in the order of the file"),
        Flag.atLeast(1)
      ),
      geometryColumn: Flag.String("geometry-column").pipe(
        Flag.withMetavar("NAME"),
        Flag.withDescription("The column that holds geometries"),
        Flag.optional
      ),
      timeToLive: Flag.String("time-to-live").pipe(
        Flag.filterMap(parseDuration, () => "a duration such as 30m or 24h"),
        Flag.withMetavar("DURATION"),
        Flag.withDescription("The service drops the dataset after so long: 30m, 24h; default: its own"),
        Flag.optional
      )
    },
    lazily(() => import("./import.run.ts"))
  ).pipe(
    Command.withDescription(
      "Load a file into a dataset of the service, which replaces one of this name, and wait for it"
    ),
    Command.withShortDescription("Load a file into a dataset of the service"),
    Command.withExamples([
      {
        command:
          "carto data-observatory import shops shops.csv --column id:INT64 --column geom:GEOGRAPHY --geometry-column geom"
      }
    ])
  )
