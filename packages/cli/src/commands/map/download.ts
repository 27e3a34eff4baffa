/** `carto map download`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { lazily } from "../../lazily.ts"
import { bbox, force, layers, placeholders, target, tokenFile } from "../../mapFlags.ts"

const deepest = 24

const parseZoom = (text: string) => {
  const [, from, to] = /^(\d{1,2})(?:\.\.(\d{1,2}))?$/.exec(text) ?? []
  const minzoom = Number(from)
  const maxzoom = Number(to ?? from)
  return minzoom <= maxzoom && maxzoom <= deepest ? Option.some({ minzoom, maxzoom }) : Option.none()
}

export const download = () =>
  Command.make(
    "download",
    {
      target,
      placeholders,
      tokenFile,
      bbox,
      zoom: Flag.String("zoom").pipe(
        Flag.filterMap(parseZoom, () => `zoom levels such as 5 or 0..6, up to ${deepest}`),
        Flag.withMetavar("MIN..MAX"),
        Flag.withDescription("Zoom levels, 0..6 or 5; each has about four times as many tiles as the one before")
      ),
      format: Flag.Literals("format", ["mvt", "png"]).pipe(
        Flag.withDescription("Vectors or pictures"),
        Flag.withDefault("mvt")
      ),
      layers,
      concurrency: Flag.Int("concurrency").pipe(
        Flag.filter(
          (count) => count >= 1 && count <= 64,
          (count) => `from 1 to 64, not ${count}`
        ),
        Flag.withDescription("Tiles that are asked for at once; the account's rate limits are kept in any case"),
        Flag.withDefault(8)
      ),
      output: Flag.String("output").pipe(
        Flag.withAlias("o"),
        Flag.withMetavar("DIR|FILE.mbtiles"),
        Flag.withDescription("A folder for Z/X/Y files, or a file that ends in .mbtiles for all of them")
      ),
      force
    },
    lazily(() => import("./download.run.ts"))
  ).pipe(
    Command.withDescription("Write all tiles of an area into a folder or an MBTiles file"),
    Command.withShortDescription("Write the tiles of an area"),
    Command.withExamples([
      { command: "carto map download map.json --bbox=-10,35,4,44 --zoom 0..8 --output spain.mbtiles" },
      { command: "carto map download cities --bbox=-180,-85,180,85 --zoom 0..4 --format png --output tiles" }
    ])
  )
