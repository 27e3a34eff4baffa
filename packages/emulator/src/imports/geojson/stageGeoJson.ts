/** GeoJSON, feature by feature with flat memory; a plain list of objects is a table without geometry. */
import * as Effect from "effect/Effect"
import * as JsonArray from "effect/encoding/JsonArray"
import * as FileSystem from "effect/FileSystem"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { quoteLiteral } from "../../SqlText.ts"
import { copyCell, copyInto, encodeLines } from "../copyInto.ts"
import { failure, type ImportFailure } from "../failures.ts"
import type { Staged } from "../Staged.ts"
import * as PropertyGuess from "./PropertyGuess.ts"

const chunkSize = 256 * 1024
const maxColumns = 250

const notGeoJson = failure(3007)

interface Feature {
  readonly properties: object
  readonly geometry: unknown
}

const featureOf = (value: unknown): Feature | undefined => {
  if (!Predicate.isObject(value) || !("type" in value) || value.type !== "Feature") return undefined
  const properties = "properties" in value && Predicate.isObject(value.properties) ? value.properties : {}
  return { properties, geometry: "geometry" in value ? value.geometry : null }
}

const rowOf = (value: unknown): Feature | undefined =>
  Predicate.isObject(value) ? { properties: value, geometry: null } : undefined

const isGeometry = (value: unknown): boolean =>
  Predicate.isObject(value) && "type" in value && ("coordinates" in value || "geometries" in value)

const isCollection = (geometry: unknown): boolean =>
  Predicate.isObject(geometry) && "type" in geometry && geometry.type === "GeometryCollection"

/** A document that is one feature, or one geometry. */
const loneFeature = (text: string): Effect.Effect<Feature, ImportFailure> =>
  Effect.try({ try: (): unknown => JSON.parse(text), catch: () => notGeoJson }).pipe(
    Effect.flatMap((value) => {
      const feature = featureOf(value) ?? (isGeometry(value) ? { properties: {}, geometry: value } : undefined)
      return feature === undefined ? Effect.fail(notGeoJson) : Effect.succeed(feature)
    })
  )

/** The features of a document, whichever of its known shapes it has. */
const features = Effect.fnUntraced(function* (path: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const bytes = Stream.orDie(fileSystem.stream(path, { chunkSize }))
  const start = yield* Stream.orDie(fileSystem.stream(path, { chunkSize, bytesToRead: chunkSize })).pipe(
    Stream.decodeText,
    Stream.mkString
  )
  if (start.trim() === "") return yield* failure(1005)
  const isList = /^\s*\[/.test(start)
  if (!isList && !/"features"\s*:/.test(start)) {
    const text = yield* Stream.mkString(Stream.decodeText(bytes))
    return Stream.fromEffect(loneFeature(text))
  }
  return bytes.pipe(
    Stream.pipeThroughChannel(JsonArray.decode({ pointer: isList ? "" : "/features", maxElementSize: Infinity })),
    Stream.map(isList ? rowOf : featureOf),
    Stream.mapEffect((feature) => (feature === undefined ? Effect.fail(notGeoJson) : Effect.succeed(feature))),
    Stream.mapError(() => notGeoJson)
  )
})

/** Each feature is staged as its geometry and all its properties; the columns are known when all were seen. */
export const stageGeoJson = Effect.fnUntraced(function* (options: {
  readonly path: string
  readonly name: string
  readonly relation: string
}) {
  const guesses = new Map<string, PropertyGuess.PropertyGuess>()
  let hasGeometry = false
  const line = ({ geometry, properties }: Feature): Effect.Effect<string, ImportFailure> => {
    for (const [name, value] of Object.entries(properties)) {
      let guess = guesses.get(name)
      if (guess === undefined) {
        guess = PropertyGuess.make()
        guesses.set(name, guess)
      }
      guess.see(value)
    }
    if (guesses.size > maxColumns) return Effect.fail(failure(2004))
    if (isCollection(geometry)) return Effect.fail(failure(3201))
    const isNone = geometry === null || geometry === undefined
    hasGeometry ||= !isNone
    const cell = copyCell(isNone ? undefined : JSON.stringify(geometry))
    return Effect.succeed(`${cell}\t${copyCell(JSON.stringify(properties))}\n`)
  }
  const rows = yield* copyInto(
    `create table ${options.relation} (geometry text, properties jsonb)`,
    `copy ${options.relation} from stdin`,
    encodeLines(Stream.mapEffect(yield* features(options.path), line))
  )
  if (rows === 0) return yield* failure(1005)
  return {
    relation: options.relation,
    name: options.name,
    columns: [...guesses].map(([name, guess]) => {
      const value = `properties->>${quoteLiteral(name)}`
      const type = guess.type()
      return { name, type, expression: type === "text" ? `(${value})` : `(${value})::${type}` }
    }),
    geometry: hasGeometry
      ? "public.ST_SetSRID(public.ST_Force2D(public.ST_GeomFromGeoJSON(geometry)), 4326)"
      : undefined,
    rows
  } satisfies Staged
})
