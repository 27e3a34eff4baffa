/** Answers dataviews, and searches in them, by their type (maps reference, §10). */
import * as Effect from "effect/Effect"
import { type Access, cachedJson } from "../access.ts"
import type { Dataview } from "../MapDefinition.ts"
import { badRequest, type MapsError } from "../MapsError.ts"
import { category, searchCategory } from "./category.ts"
import { type DataviewRequest, readRequest } from "./DataviewRequest.ts"
import { dateHistogram } from "./dateHistogram.ts"
import { formula, searchFormula } from "./formula.ts"
import { histogram } from "./histogram.ts"
import { list } from "./list.ts"

const anyHistogram = (request: DataviewRequest) =>
  request.options.aggregation !== undefined || request.text("aggregation") !== undefined
    ? dateHistogram(request)
    : histogram(request)

const find = ({ map }: Access, name: string): Effect.Effect<Dataview, MapsError> => {
  const dataview = map.definition.dataviews.get(name)
  return dataview === undefined
    ? Effect.fail(badRequest(`Dataview '${name}' does not exist`, { type: "dataview" }))
    : Effect.succeed(dataview)
}

const data = Effect.fnUntraced(function* (access: Access, dataview: Dataview) {
  const request = yield* readRequest(access, dataview)
  switch (dataview.type) {
    case "formula":
      return yield* formula(request)
    case "aggregation":
      return yield* category(request)
    case "histogram":
      return yield* anyHistogram(request)
    case "list":
      return yield* list(request)
    default:
      return yield* badRequest(`Invalid dataview type: '${dataview.type}'`)
  }
})

const found = Effect.fnUntraced(function* (access: Access, dataview: Dataview) {
  const request = yield* readRequest(access, dataview)
  switch (dataview.type) {
    case "aggregation":
      return yield* searchCategory(request)
    case "formula":
      return yield* searchFormula(request)
    default:
      return yield* badRequest("dataview.search is not a function")
  }
})

/** The data of a dataview. */
export const answerDataview = Effect.fnUntraced(function* (access: Access, name: string) {
  return yield* cachedJson(access, yield* data(access, yield* find(access, name)))
})

/** The categories that a text is part of. */
export const searchDataview = Effect.fnUntraced(function* (access: Access, name: string) {
  return yield* cachedJson(access, yield* found(access, yield* find(access, name)))
})
