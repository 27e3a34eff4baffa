/** `carto map`: maps of a configuration or of a template. */
import { branch } from "../branch.ts"
import { download } from "./map/download.ts"
import { instantiate } from "./map/instantiate.ts"
import { preview } from "./map/preview.ts"
import { staticCommand } from "./map/static.ts"
import { tile } from "./map/tile.ts"

export const map = branch("map", { preview, instantiate, tile, download, static: staticCommand })
