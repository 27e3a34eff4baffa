/** `carto map preview`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { placeholders, tokenFile } from "../../mapFlags.ts"

export const preview = () =>
  Command.make(
    "preview",
    {
      target: Argument.String("FILE|NAME").pipe(
        Argument.withDescription("A configuration or a template in a file, or the name of a named map"),
        Argument.optional
      ),
      sql: Flag.String("sql").pipe(
        Flag.withMetavar("QUERY"),
        Flag.withDescription("Show the rows of a query of the account instead"),
        Flag.optional
      ),
      placeholders,
      tokenFile,
      port: Flag.Int("port").pipe(
        Flag.filter(
          (port) => port >= 0 && port <= 65_535,
          (port) => `a port from 0 to 65535, not ${port}`
        ),
        Flag.withDescription("Default: a free one"),
        Flag.withDefault(0)
      ),
      open: Flag.Boolean("open").pipe(
        Flag.withDescription("Open the browser; --no-open only prints the address"),
        Flag.withDefault(true)
      )
    },
    lazily(() => import("./preview.run.ts"))
  ).pipe(
    Command.withDescription(
      "Look at a live map in the browser: its layers, the attributes of what is clicked, its dataviews. The page comes from this machine, and the key stays in this process"
    ),
    Command.withShortDescription("Look at a live map in the browser"),
    Command.withExamples([
      { command: "carto map preview map.json" },
      { command: 'carto map preview --sql "select * from cities where population > 100000"' },
      { command: "carto map preview cities --set minimum=100000 --no-open", description: "A named map" }
    ])
  )
