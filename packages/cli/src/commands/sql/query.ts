/** `carto sql query`: runs a statement and prints its rows. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { formats } from "../../format/rowFormats.ts"
import { lazily } from "../../lazily.ts"

export const query = () =>
  Command.make(
    "query",
    {
      sql: Argument.String("SQL").pipe(
        Argument.withDescription("The statement; - or nothing reads it from standard input"),
        Argument.optional
      ),
      format: Flag.Literals("format", formats).pipe(
        Flag.withAlias("f"),
        Flag.withMetavar("FORMAT"),
        Flag.withDescription("Default: what the name of --output says, else table on a terminal and json elsewhere"),
        Flag.optional
      ),
      output: Flag.String("output").pipe(
        Flag.withAlias("o"),
        Flag.withMetavar("FILE"),
        Flag.withDescription("Write the data to this file, which appears only when it is complete"),
        Flag.optional
      )
    },
    lazily(() => import("./query.run.ts"))
  ).pipe(
    Command.withDescription("Run a statement and print its rows as they arrive"),
    Command.withExamples([
      {
        command: 'carto sql query "select name, population from cities limit 10"',
        description: "A table on a terminal"
      },
      { command: "carto sql query --format csv - < report.sql > report.csv", description: "From a file to a file" },
      {
        command: 'carto sql query "select * from cities" --output cities.geojson',
        description: "Let the server write a file; geojson, topojson, svg, kml, shp, gpkg and spatialite are its own"
      }
    ])
  )
