/** Flags of the two commands that instantiate a map and print where it is. */
import * as Flag from "effect/cli/Flag"
import { placeholders, tokenFile } from "./mapFlags.ts"

export const instantiateFlags = {
  placeholders,
  tokenFile,
  tilejson: Flag.Literals("tilejson", ["mvt", "png"]).pipe(
    Flag.withDescription("Print the TileJSON of these tiles instead, for map libraries"),
    Flag.optional
  ),
  withSecret: Flag.Boolean("with-secret").pipe(
    Flag.withDescription("Write the key or the token that private maps need into the addresses: do not publish them"),
    Flag.withDefault(false)
  )
} as const
