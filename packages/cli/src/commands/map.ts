/** `carto map`: maps of a configuration or of a template. */
import * as Command from "effect/cli/Command"
import { download } from "./map/download.ts"
import { instantiate } from "./map/instantiate.ts"
import { preview } from "./map/preview.ts"
import { staticCommand } from "./map/static.ts"
import { tile } from "./map/tile.ts"

export const map = Command.make("map").pipe(
  Command.withSubcommands([preview, instantiate, tile, download, staticCommand])
)
