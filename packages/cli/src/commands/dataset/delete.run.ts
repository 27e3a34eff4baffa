/** The work of `carto dataset delete`. */
import type { Dependents } from "@effect-carto/core/DatasetOptions"
import { Datasets } from "@effect-carto/core/Datasets"
import type { VisualizationSummary } from "@effect-carto/core/Visualization"
import * as Effect from "effect/Effect"
import { failure } from "../../CommandError.ts"
import { confirmed } from "../../confirmed.ts"
import { datasets } from "../../datasetServices.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { found } from "./found.ts"

const shape = Records.shape(["id", "name", "deleted_maps", "changed_maps"])

export interface DeleteInput {
  readonly idOrName: string
  readonly force: boolean
  readonly yes: boolean
}

export const run = ({ force, idOrName, yes }: DeleteInput) =>
  Records.changed(
    shape,
    Effect.andThen(
      confirmed(`This deletes the dataset ${idOrName} and drops its table, for good.`, yes),
      withSession(
        datasets,
        Effect.gen(function* () {
          const datasets = yield* Datasets
          const { id, name } = yield* found(idOrName)(datasets.get(idOrName))
          const harmed = yield* datasets.dependents(id)
          if (!force && harmed.deleted.length + harmed.changed.length > 0) return yield* refusal(name, harmed)
          // Asks again for the maps: one that was made meanwhile is not lost unseen.
          yield* force ? datasets.forceDelete(id) : datasets.delete(id)
          return { id, name, deleted_maps: harmed.deleted.map(short), changed_maps: harmed.changed.map(short) }
        })
      )
    ),
    ({ changed_maps, deleted_maps, id, name }) =>
      [
        `deleted dataset ${name} (${id})`,
        ...(deleted_maps.length === 0 ? [] : [`with ${count(deleted_maps)}`]),
        ...(changed_maps.length === 0 ? [] : [`and layers of ${count(changed_maps)}`])
      ].join(" ")
  )

const short = ({ id, name }: VisualizationSummary) => ({ id, name })

const count = (maps: ReadonlyArray<unknown>): string => (maps.length === 1 ? "1 map" : `${maps.length} maps`)

const refusal = (name: string, { changed, deleted }: Dependents) =>
  failure(
    [
      `Maps use the dataset ${name}; nothing was deleted.`,
      ...deleted.map((map) => `  would be deleted:  ${label(map)}`),
      ...changed.map((map) => `  would lose layers: ${label(map)}`)
    ].join("\n"),
    "Export them first with carto visualization export, then delete with --force."
  )

const label = ({ id, name }: VisualizationSummary): string => `${name} (${id})`
