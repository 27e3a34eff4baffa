/** What commands about imports have in common. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"

export const id = Argument.String("ID").pipe(
  Argument.filter(
    (text) => text !== "",
    () => "the id that carto import create printed"
  ),
  Argument.withDescription("The import's id")
)

/** How the server is to read what it gets; also told by synchronizations. */
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
