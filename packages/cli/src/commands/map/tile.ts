/** `carto map tile`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { lazily } from "../../lazily.ts"
import { force, layers, placeholders, tokenFile } from "../../mapFlags.ts"

const parse = (text: string) => {
  const [, z, x, y] = /^(\d+)\/(\d+)\/(\d+)$/.exec(text) ?? []
  return z === undefined || x === undefined || y === undefined
    ? Option.none()
    : Option.some({ z: Number(z), x: Number(x), y: Number(y) })
}

export const tile = () =>
  Command.make(
    "tile",
    {
      at: Argument.String("Z/X/Y").pipe(
        Argument.filterMap(parse, () => "zoom level, column and row, such as 4/8/5"),
        Argument.withDescription("Zoom level, column from the west, row from the north")
      ),
      target: Flag.String("map").pipe(
        Flag.withAlias("m"),
        Flag.withMetavar("FILE|NAME"),
        Flag.withDescription("A configuration or a template in a file, or the name of a named map")
      ),
      placeholders,
      tokenFile,
      format: Flag.Literals("format", ["mvt", "png", "png32", "grid.json", "torque.json", "torque.png"]).pipe(
        Flag.withDescription("mvt are vectors; grid.json and torque.json are of one layer"),
        Flag.withDefault("mvt")
      ),
      layers,
      output: Flag.String("output").pipe(
        Flag.withAlias("o"),
        Flag.withMetavar("FILE"),
        Flag.withDescription("Default: standard output"),
        Flag.withDefault("-")
      ),
      force
    },
    lazily(() => import("./tile.run.ts"))
  ).pipe(
    Command.withDescription("Write one tile of a map"),
    Command.withExamples([
      { command: "carto map tile 0/0/0 --map map.json --output world.mvt" },
      { command: "carto map tile 4/8/5 --map cities --format grid.json --layers 0", description: "A named map" }
    ])
  )
