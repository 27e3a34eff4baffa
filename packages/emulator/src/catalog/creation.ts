/** The three ways in which `POST viz` makes a map (platform reference, §8.5). */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { passwordHash } from "../passwordHash.ts"
import { Refusal, refuse } from "../Refusal.ts"
import { Catalog } from "./Catalog.ts"
import { decodeAsked, passwordRequired, readPrivacy } from "./changes.ts"
import { Plan } from "./Plan.ts"
import { mapVersion } from "./Visualization.ts"

type Body = Readonly<Record<string, unknown>>

const forbidden = new Refusal({ status: 403 })

/** A thing that failed and has no messages (E6). */
const speechless = refuse(400, null)

/** A copy of a map, or a map over a dataset. */
const fromSource = Effect.fnUntraced(function* (sourceId: string, body: Body) {
  const catalog = yield* Catalog
  const source = yield* catalog.find(sourceId)
  if (source === undefined || source.kind === "raster") return yield* forbidden
  const name = Predicate.isString(body.name) ? body.name : undefined
  if (source.type === "table") return yield* catalog.createMap({ version: mapVersion, name, datasets: [source] })
  const { attributions, description, license, tags, title, transition_options } = source
  return yield* catalog.createMap({
    name: name ?? `${source.name} copy`,
    datasets: yield* catalog.datasetsOf(source.id),
    attributions,
    description,
    license,
    source: source.source,
    tags,
    title,
    transition_options,
    version: mapVersion
  })
})

const findDatasets = Effect.fnUntraced(function* (names: ReadonlyArray<unknown>) {
  const catalog = yield* Catalog
  return yield* Effect.forEach(
    names,
    Effect.fnUntraced(function* (name) {
      return (Predicate.isString(name) ? yield* catalog.dataset(name) : undefined) ?? (yield* speechless)
    })
  )
})

/** A map over datasets, or without names the bare record that the body describes. */
const fromBody = Effect.fnUntraced(function* (names: ReadonlyArray<unknown> | undefined, body: Body) {
  const { map_id } = body
  const asked = yield* decodeAsked(body)
  const { name, password, privacy: askedPrivacy, tags, transition_options, updated_at: _, version: __, ...rest } = asked
  if (names === undefined) {
    const missing = { name, privacy: askedPrivacy, type: body.type === "derived" ? body.type : undefined }
    const messages = Object.entries(missing).flatMap(([key, value]) => (value ? [] : [`${key} can't be blank`]))
    if (messages.length > 0) return yield* refuse(400, messages)
  }
  const privacy = askedPrivacy === undefined ? undefined : yield* readPrivacy("derived", askedPrivacy)
  if (privacy === "PASSWORD" && !password) return yield* passwordRequired
  const catalog = yield* Catalog
  const map = yield* catalog
    .createMap({
      ...rest,
      ...(Predicate.isString(map_id) ? { map_id } : {}),
      version: mapVersion,
      tags: tags ?? [],
      transition_options: transition_options ?? {},
      name,
      privacy,
      datasets: yield* findDatasets(names ?? [])
    })
    .pipe(Effect.catchTag("DatabaseError", () => Effect.fail(speechless)))
  return password ? ((yield* catalog.update(map.id, { password_hash: passwordHash(map.id, password) })) ?? map) : map
})

/** Makes the map that a body asks for. */
export const create = Effect.fnUntraced(function* (body: Body) {
  if ((yield* (yield* Plan).get).viewer) return yield* forbidden
  const { source_visualization_id: source, tables } = body
  if (Predicate.isString(source)) return yield* fromSource(source, body)
  const names: ReadonlyArray<unknown> = Array.isArray(tables) ? tables : []
  return yield* fromBody(names.length > 0 ? names : undefined, body)
})
