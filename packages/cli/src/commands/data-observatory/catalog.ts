/** `carto data-observatory catalog`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"

export const catalog = () =>
  Command.make(
    "catalog",
    {
      entity: Argument.Literals("ENTITY", [
        "countries",
        "categories",
        "providers",
        "datasets",
        "geographies",
        "variables",
        "variables_groups"
      ]).pipe(Argument.withDescription("What is asked for")),
      id: Argument.String("ID").pipe(Argument.withDescription("One of them; none: all"), Argument.optional),
      variables: Flag.Boolean("variables").pipe(
        Flag.withDescription("With datasets and an id: its variables"),
        Flag.withDefault(false)
      ),
      filters: Flag.KeyValuePair("filter").pipe(
        Flag.withMetavar("NAME=VALUE"),
        Flag.withDescription("Only those of a country, a category and the like; may be given again and again"),
        Flag.optional
      )
    },
    lazily(() => import("./catalog.run.ts"))
  ).pipe(
    Command.withDescription("Print of the public catalog, as JSON: datasets, geographies, variables and the like"),
    Command.withShortDescription("Print of the public catalog"),
    Command.withExamples([
      { command: "carto data-observatory catalog datasets --filter country=usa --jq '.[].id'" },
      { command: "carto data-observatory catalog datasets acs_sociodemogr_95c726f9 --variables --json slug,name" }
    ])
  )
