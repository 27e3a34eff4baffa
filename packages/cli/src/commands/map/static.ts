/** `carto map static`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { lazily } from "../../lazily.ts"
import { bbox, center, force, layers, placeholders, target, tokenFile } from "../../mapFlags.ts"

/** The server's own limit (Maps reference, §13). */
const largest = 8192

const parseSize = (text: string) => {
  const [, width, height] = /^(\d+)x(\d+)$/i.exec(text) ?? []
  const size = { width: Number(width), height: Number(height) }
  return [size.width, size.height].every((side) => side >= 1 && side <= largest) ? Option.some(size) : Option.none()
}

export const staticCommand = () =>
  Command.make(
    "static",
    {
      target,
      placeholders,
      tokenFile,
      bbox: bbox.pipe(Flag.optional),
      center: center.pipe(Flag.optional),
      zoom: Flag.Int("zoom").pipe(
        Flag.filter(
          (zoom) => zoom >= 0 && zoom <= 30,
          (zoom) => `a zoom level from 0 to 30, not ${zoom}`
        ),
        Flag.withDescription("With --center"),
        Flag.optional
      ),
      size: Flag.String("size").pipe(
        Flag.filterMap(parseSize, () => `WIDTHxHEIGHT in pixels, each from 1 to ${largest}`),
        Flag.withMetavar("WxH"),
        Flag.withDescription("Pixels, each side up to 8192; plans of carto.com allow 4000"),
        Flag.withDefault({ width: 800, height: 600 })
      ),
      layers,
      output: Flag.String("output").pipe(
        Flag.withAlias("o"),
        Flag.withMetavar("FILE"),
        Flag.withDescription("PNG, or JPEG where it ends in .jpg; - is standard output, as PNG")
      ),
      force
    },
    lazily(() => import("./static.run.ts"))
  ).pipe(
    Command.withDescription(
      "Write a picture of a map; of a named one, without --bbox and --center, what its view says"
    ),
    Command.withShortDescription("Write a picture of a map"),
    Command.withExamples([
      { command: "carto map static map.json --bbox=-10,35,4,44 --size 1200x800 --output spain.png" },
      { command: "carto map static cities --center 2.17,41.38 --zoom 9 --output barcelona.jpg" }
    ])
  )
