/** Gets what the preview shows, and where its data lies. */
import type { MapConfig } from "@effect-carto/core/MapConfig"
import { Maps } from "@effect-carto/core/Maps"
import * as MapTemplate from "@effect-carto/core/MapTemplate"
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import { StoredTemplate } from "@effect-carto/core/StoredTemplate"
import type { Bbox } from "@effect-carto/core/Tiles"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { filled, type PlaceholderValues } from "../MapDefinition.ts"
import { open, type TargetInput } from "../OpenedMap.ts"
import { extentOf } from "./extent.ts"
import type { LoadedMap } from "./LiveMap.ts"
import { queryMap } from "./queryMap.ts"

export const loadQuery = Effect.fnUntraced(function* (query: string) {
  const config = yield* queryMap(query)
  const layergroup = yield* Effect.flatMap(Maps, ({ instantiate }) => instantiate(config))
  const loaded: LoadedMap = { name: query, layergroup, config, bounds: yield* extentOf(config) }
  return loaded
})

export const loadTarget = Effect.fnUntraced(function* (input: TargetInput) {
  const opened = yield* open(input)
  if (opened.config !== undefined) {
    const loaded: LoadedMap = { ...opened, bounds: yield* extentOf(opened.config) }
    return loaded
  }
  const { bounds, config } = yield* definition(input.target, input.placeholders)
  const loaded: LoadedMap = { ...opened, config, bounds }
  return loaded
})

interface Definition {
  readonly config: MapConfig | undefined
  readonly bounds: Bbox | undefined
}

/** Of a named map; only the master key may see it, and the map is shown without it, too. */
const definition = (name: string, values: PlaceholderValues) =>
  Effect.gen(function* () {
    const stored = yield* Effect.flatMap(NamedMaps, ({ get }) => get(name))
    const template = yield* MapTemplate.fromJson(yield* Schema.encodeEffect(StoredTemplate)(stored))
    const config = yield* filled(template, values)
    const definition: Definition = { config, bounds: viewOf(template) ?? (yield* extentOf(config)) }
    return definition
  }).pipe(Effect.option, Effect.map(Option.getOrElse((): Definition => ({ config: undefined, bounds: undefined }))))

const viewOf = ({ view }: MapTemplate.MapTemplate): Bbox | undefined => {
  const bounds = view?.bounds
  return bounds === undefined ? undefined : [bounds.west, bounds.south, bounds.east, bounds.north]
}
