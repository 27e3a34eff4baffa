/** What is asked of the Import API, checked here first: it accepts imports that can only fail (platform reference, §6.1). */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import type * as Statement from "effect/sql/Statement"
import type { CartoError } from "../CartoError.ts"
import type { ImportOptions } from "../ImportOptions.ts"
import type { BytesSource, ImportSource } from "../ImportSource.ts"
import { connectorJson } from "./connectorJson.ts"
import { refuse } from "./refuse.ts"
import { textOf } from "./sqlCompiler.ts"
import { plan } from "./sqlPlan.ts"

type Json = { readonly [name: string]: Schema.Json }

/** The file formats and containers that the server reads (§6.6). */
export const extensions: ReadonlyArray<string> =
  "csv tsv txt tab xls xlsx ods shp kml kmz json js geojson gpkg gpx osm gdb fgdb tif tiff zip gz tgz tar bz2 rar carto".split(
    " "
  )

/** Lower case, without the dot; empty when there is none. */
export const extension = (name: string): string => /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? ""

const privacies = new Set<unknown>(["public", "private", "link"])
const strategies = new Set<unknown>(["skip", "overwrite"])

/** The parameters that every kind of source has. */
export const parameters = Effect.fnUntraced(function* (
  operation: string,
  options: ImportOptions
): Effect.fn.Return<Json, CartoError> {
  const { collisionStrategy, contentGuessing, createMap, privacy, quotedFieldsGuessing, twitterCreditsLimit } = options
  if (privacy !== undefined && !privacies.has(privacy)) {
    return yield* refuse(operation, `"${privacy}" is no privacy of an import`, "Use public, private or link.")
  }
  if (collisionStrategy !== undefined && !strategies.has(collisionStrategy)) {
    return yield* refuse(
      operation,
      `"${collisionStrategy}" is no collision strategy`,
      "Use skip or overwrite, or leave it out for a name with a number."
    )
  }
  if (twitterCreditsLimit !== undefined && !(Number.isSafeInteger(twitterCreditsLimit) && twitterCreditsLimit >= 0)) {
    return yield* refuse(operation, "the limit of Twitter credits is no whole number", "Give 0 or more.")
  }
  return given({
    type_guessing: options.typeGuessing,
    quoted_fields_guessing: quotedFieldsGuessing,
    content_guessing: contentGuessing,
    create_vis: createMap,
    privacy,
    collision_strategy: collisionStrategy,
    user_defined_limits: twitterCreditsLimit === undefined ? undefined : { twitter_credits_limit: twitterCreditsLimit }
  })
})

/** The parameters that name the source; a source of bytes is the request's body instead. */
export const sourceJson = Effect.fnUntraced(function* <E, R>(
  operation: string,
  source: Exclude<ImportSource<E, R>, BytesSource<E, R>>
): Effect.fn.Return<Json, CartoError> {
  const present = (what: string, value: string) =>
    value.trim() === ""
      ? Effect.fail(refuse(operation, `${what} is empty`, "The server would start an import that can only fail."))
      : Effect.succeed(value)

  switch (source._tag) {
    case "Url":
      return {
        url: yield* checkedUrl(operation, Redacted.isRedacted(source.url) ? Redacted.value(source.url) : source.url)
      }
    case "Query":
      return given({ sql: yield* checkedQuery(operation, source.query), table_name: source.name })
    case "Table":
      return given({
        table_copy: yield* present("the name of the dataset to copy", source.table),
        table_name: source.name
      })
    case "Database":
      return { connector: yield* connectorJson(operation, source.connector) }
    case "Service":
      return {
        service_name: yield* present("the name of the service", source.service),
        service_item_id: yield* present("the item of the service", source.item)
      }
    case "Library":
      return { remote_visualization_id: yield* present("the id of the library's dataset", source.visualizationId) }
  }
})

/** Sent letter by letter: paths and queries know upper from lower case. */
const checkedUrl = (operation: string, text: string): Effect.Effect<string, CartoError> => {
  const url = text.trim()
  if (!/^(https?|ftp):\/\/[^/]/i.test(url) || !URL.canParse(url)) {
    return Effect.fail(
      refuse(operation, "the URL cannot be downloaded", "Give one that begins with https://, http:// or ftp://.")
    )
  }
  return Effect.succeed(url)
}

const checkedQuery = Effect.fnUntraced(function* (operation: string, query: string | Statement.Fragment) {
  const planned = yield* Effect.fromResult(plan(operation, Predicate.isString(query) ? query : textOf(query)))
  return planned.query === undefined
    ? yield* refuse(operation, "a dataset is made of exactly one query that reads", "Give a SELECT.")
    : planned.query
})

/** The name that a file is sent under: its extension decides how the server reads it. */
export const fileName = (operation: string, name: string): Effect.Effect<string, CartoError> => {
  const base = name.split(/[/\\]/).at(-1)?.trim() ?? ""
  const found = extension(base)
  if (base === "" || found === "") {
    return Effect.fail(
      refuse(operation, `the file name "${base}" tells no format`, "Give it an extension, such as .csv.")
    )
  }
  return extensions.includes(found)
    ? Effect.succeed(base)
    : Effect.fail(
        refuse(operation, `files of the kind .${found} are not read`, `Convert it to one of: ${extensions.join(" ")}.`)
      )
}

/** The same parameters as parts of a form. */
export const asFields = (json: Json): ReadonlyArray<readonly [name: string, value: string]> =>
  Object.entries(json).flatMap(([name, value]) =>
    Predicate.isObject(value)
      ? Object.entries(value).map(([inner, value]) => [`${name}[${inner}]`, String(value)] as const)
      : [[name, String(value)] as const]
  )

const given = (values: { readonly [name: string]: Schema.Json | undefined }): Json =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Schema.Json] => entry[1] !== undefined))
