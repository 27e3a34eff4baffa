/** All datasets that an import made: the server names only the last one (platform reference, §6.2). */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { CartoClient } from "../CartoClient.ts"
import type { CartoError } from "../CartoError.ts"
import type { Imported, ImportedDataset, ImportOutcome } from "../Import.ts"
import type { Life } from "./importHistory.ts"
import { pages } from "./pages.ts"
import { Timestamp } from "./timestamp.ts"

const Listed = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  created_at: Timestamp,
  updated_at: Timestamp,
  table: Schema.optionalKey(Schema.NullOr(Schema.Struct({ id: Schema.optionalKey(Schema.String) })))
})
type Listed = typeof Listed.Type

const List = Schema.Struct({ visualizations: Schema.Array(Listed) })

export interface Circumstances {
  /** `undefined` when nobody saw its start. */
  readonly life: Life | undefined
  /** Datasets that were overwritten keep the instant of their creation. */
  readonly overwrites: boolean
}

const pageSize = 100
/** Where nobody saw the start: the tables of one import are registered together, at its end. */
const usualSpan = 3_600_000
/** A dataset may need a moment to appear. */
const pauses = [0, 500, 1_500, 4_000]

/**
 * Adds to an outcome the datasets that the server did not name. A list that cannot be read takes nothing from what the
 * import has done: the outcome then stays as it is, and its `count` tells that there are more.
 */
export const complete = (
  carto: CartoClient["Service"],
  operation: string,
  outcome: ImportOutcome,
  circumstances: Circumstances
): Effect.Effect<ImportOutcome> =>
  outcome._tag === "Skipped" || outcome.count <= outcome.datasets.length
    ? Effect.succeed(outcome)
    : Effect.catch(find(carto, operation, outcome, circumstances), (error) =>
        Effect.as(Effect.logWarning(`Cannot tell which other datasets the import made: ${error.message}`), outcome)
      )

const find = Effect.fnUntraced(function* (
  carto: CartoClient["Service"],
  operation: string,
  outcome: Imported,
  { life, overwrites }: Circumstances
) {
  const span = life?.elapsed ?? usualSpan
  const moment = ({ created_at, updated_at }: Listed) => DateTime.toEpochMillis(overwrites ? updated_at : created_at)
  const [last] = outcome.datasets
  const isNamed = ({ name, table }: Listed) =>
    name === last?.name || (table?.id !== undefined && table.id === outcome.import.table_id)

  let found = outcome
  for (const pause of pauses) {
    yield* Effect.sleep(pause)
    let named: Listed | undefined
    const listed = yield* newest(carto, operation).pipe(
      Stream.takeUntil((dataset) => {
        if (isNamed(dataset)) named = dataset
        // The list is in this order, and nothing is created after its last change.
        return named !== undefined && DateTime.toEpochMillis(dataset.updated_at) < moment(named) - span
      }),
      Stream.runCollect
    )
    const end = listed.find(isNamed)
    if (end === undefined) continue
    // The span is too long by the pause before the end was seen: what ended before the start tells better.
    const predecessor = listed.find(({ table }) => table?.id !== undefined && table.id === life?.before)
    const start = predecessor === undefined ? 0 : DateTime.toEpochMillis(predecessor.created_at)
    // What is overwritten may be of several imports.
    const isOthers = ({ table }: Listed) => !overwrites && table?.id !== undefined && life?.meanwhile.has(table.id)
    const others = listed
      .filter((dataset) => dataset !== end && !isOthers(dataset))
      .filter((dataset) => moment(dataset) >= moment(end) - span && moment(dataset) > start)
      .filter((dataset) => moment(dataset) <= moment(end))
      .sort((a, b) => moment(b) - moment(a))
    found = {
      ...outcome,
      datasets: [end, ...others.slice(0, outcome.count - 1)].map(toDataset),
      isCertain: life !== undefined && others.length + 1 === outcome.count
    }
    if (found.datasets.length === outcome.count) return found
  }
  return found
})

/** Those that changed last come first. What makes the list slow is left out. */
const newest = (carto: CartoClient["Service"], operation: string): Stream.Stream<Listed, CartoError> =>
  pages({
    identity: ({ id }: Listed) => id,
    read: (page) =>
      Effect.map(
        carto.json(
          operation,
          List,
          HttpClientRequest.get("/api/v1/viz", {
            urlParams: {
              types: "table",
              shared: "no",
              order: "updated_at",
              order_direction: "desc",
              page,
              per_page: pageSize,
              show_stats: false,
              show_permission: false,
              show_table_size_and_row_count: false,
              load_totals: false
            }
          })
        ),
        ({ visualizations }) => ({ items: visualizations })
      )
  })

const toDataset = ({ id, name, table }: Listed): ImportedDataset => ({
  name,
  table_id: table?.id,
  visualization_id: id
})
