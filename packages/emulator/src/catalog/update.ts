/** `PUT viz`: sets what can be set, and quietly keeps a table's name that PostgreSQL does not give away. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Refusal } from "../Refusal.ts"
import { Catalog } from "./Catalog.ts"
import { asErrorUpdating, decodeAsked, readChanges } from "./changes.ts"
import { freeName, tableName } from "./tableName.ts"
import type { Visualization } from "./Visualization.ts"

/** The name that a dataset would get: made valid, and numbered where another dataset has it. */
const datasetName = Effect.fnUntraced(function* (dataset: Visualization, asked: string) {
  const name = tableName(asked)
  if (name === dataset.name) return name
  const datasets = yield* (yield* Catalog).select("where type = 'table'")
  return freeName(name, new Set(datasets.map((other) => other.name)))
})

/** The real servers restore the old name when the rename fails inside of the database, and answer 200 all the same. */
const rename = Effect.fnUntraced(function* (visualization: Visualization, asked: string) {
  const catalog = yield* Catalog
  const isDataset = visualization.type === "table"
  const name = isDataset ? yield* datasetName(visualization, asked) : asked
  const renamed = catalog.update(visualization.id, { name })
  yield* isDataset ? Effect.ignore(renamed) : renamed
})

/** Without its own id in the body nothing is changed: 403. */
export const update = Effect.fnUntraced(function* (
  visualization: Visualization,
  body: Readonly<Record<string, unknown>>
) {
  if (body.id !== visualization.id) return yield* new Refusal({ status: 403 })
  const asked = yield* decodeAsked(body)
  const changes = yield* readChanges(visualization, asked, yield* Clock.currentTimeMillis)
  if (asked.name !== undefined && asked.name !== visualization.name) yield* rename(visualization, asked.name)
  const catalog = yield* Catalog
  const changed = yield* Effect.mapError(catalog.update(visualization.id, changes), asErrorUpdating)
  return changed ?? visualization
})
