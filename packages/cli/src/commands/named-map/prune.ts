/** `carto named-map prune`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"

export const prune = () =>
  Command.make(
    "prune",
    {
      keep: Flag.String("keep").pipe(
        Flag.withMetavar("NAME|FILE"),
        Flag.withDescription("One that stays, by its name or the file of its template; may be given again and again"),
        Flag.atLeast(0)
      ),
      prefix: Flag.String("prefix").pipe(
        Flag.withMetavar("TEXT"),
        Flag.withDescription("Only those whose names begin so; without it those of CARTO's Builder (tpl_…) stay too"),
        Flag.optional
      ),
      yes: Flag.Boolean("yes").pipe(
        Flag.withAlias("y"),
        Flag.withDescription("Delete them; without it, or with --dry-run, they are only listed"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./prune.run.ts"))
  ).pipe(
    Command.withDescription("Delete all named maps but some: without --yes it only lists what would go"),
    Command.withShortDescription("Delete all named maps but some"),
    Command.withExamples([
      { command: "carto named-map prune --prefix staging_" },
      { command: "carto named-map prune --keep maps/cities.json --keep roads --yes" }
    ])
  )
