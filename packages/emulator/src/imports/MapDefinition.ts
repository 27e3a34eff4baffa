/** What a `.carto` file tells of its map (platform reference, §11), beside the GeoPackages of its datasets. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Schema from "effect/Schema"
import type { ImportFile } from "./File.ts"
import { failure } from "./failures.ts"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))

/** Base maps are layers without a table. */
const Layer = Schema.Struct({
  options: Schema.optionalKey(Schema.NullOr(Schema.Struct({ table_name: text })))
})

/** Only `name` and `layers` are in all of them; the rest differs with the version of the server. */
const Definition = Schema.Struct({
  visualization: Schema.Struct({
    name: Schema.String,
    display_name: text,
    description: text,
    tags: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.String))),
    privacy: text,
    source: text,
    license: text,
    title: text,
    attributions: text,
    transition_options: Schema.optionalKey(Schema.NullOr(Schema.Record(Schema.String, Schema.Json))),
    layers: Schema.Array(Layer)
  })
})
export type MapDefinition = (typeof Definition.Type)["visualization"]

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Definition))

/** Whether a file in an archive is a definition: GeoJSON ends in `.json`, too. */
export const isDefinition = ({ name }: ImportFile): boolean => /\.carto\.json$/i.test(name)

/** The definition in an archive, if there is one. Fails with 1003 when it cannot be read. */
export const definitionIn = Effect.fnUntraced(function* (files: ReadonlyArray<ImportFile>) {
  const file = files.find(isDefinition)
  if (file === undefined) return undefined
  const fileSystem = yield* FileSystem.FileSystem
  const json = yield* Effect.orDie(fileSystem.readFileString(file.path))
  const { visualization } = yield* Effect.mapError(decode(json), () => failure(1003))
  return visualization
})

/** The tables that its layers show, each once, the lowest layer first. */
export const tablesOf = ({ layers }: MapDefinition): ReadonlyArray<string> => [
  ...new Set(layers.flatMap(({ options }) => options?.table_name ?? []))
]
