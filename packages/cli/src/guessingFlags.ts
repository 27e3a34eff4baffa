/** How the server is to read what is imported, once or again and again. */
import * as Flag from "effect/cli/Flag"

export const guessing = {
  typeGuessing: Flag.Boolean("type-guessing").pipe(
    Flag.withDescription("Numbers, dates and the like get their types; with --no-type-guessing all columns are text"),
    Flag.withDefault(true)
  ),
  quotedFieldsGuessing: Flag.Boolean("quoted-fields-guessing").pipe(
    Flag.withDescription("Guess the types of quoted values too"),
    Flag.withDefault(true)
  ),
  contentGuessing: Flag.Boolean("content-guessing").pipe(
    Flag.withDescription("Geocode by what columns hold: countries, regions, IP addresses"),
    Flag.withDefault(false)
  ),
  createMap: Flag.Boolean("create-map").pipe(
    Flag.withDescription("Make a map of the new dataset, too"),
    Flag.withDefault(false)
  )
} as const
