/** The work of `carto visualization export-all`. */
import { createHash } from "node:crypto"
import * as Literal from "@effect-carto/core/Literal"
import { Sql } from "@effect-carto/core/Sql"
import type { Visualization } from "@effect-carto/core/Visualization"
import { VisualizationExports } from "@effect-carto/core/VisualizationExports"
import { Visualizations } from "@effect-carto/core/Visualizations"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as ExportFolder from "../../ExportFolder.ts"
import { plainName } from "../../fileName.ts"
import { withSession } from "../../session.ts"
import { tableState } from "../../tableState.ts"

export interface ExportAllInput {
  readonly folder: string
  readonly verify: boolean
  readonly concurrency: number
}

export const run = ({ concurrency, folder, verify }: ExportAllInput) =>
  withSession(
    Layer.mergeAll(Sql.layer(), VisualizationExports.layer(), Visualizations.layer()),
    ExportFolder.run(
      { folder, kind: "visualizations", concurrency, verify },
      Effect.flatMap(Visualizations, ({ list }) =>
        list({ shared: "no", orderBy: "name", direction: "asc" }).pipe(Stream.map(item), Stream.runCollect)
      )
    )
  )

/** Several maps may have one name, and a map may get another one: the file is told by the id. */
const item = (map: Visualization): ExportFolder.Item<Sql | Visualizations | VisualizationExports> => ({
  id: map.id,
  name: map.name,
  file: `${plainName(map.name)}-${map.id.slice(0, 8)}.carto`,
  prepare: prepared(map)
})

const prepared = Effect.fnUntraced(function* ({ id }: Visualization) {
  const map = yield* Effect.flatMap(Visualizations, ({ get }) => get(id))
  const exports = yield* VisualizationExports
  const updatedAt = DateTime.formatIso(map.updated_at)
  const datasets = map.related_tables?.map(({ name }) => name)
  // Only the tables know when their rows changed, and the file holds these too.
  const states = yield* Effect.forEach(datasets ?? [], (name) =>
    tableState(name.startsWith('"') ? name : Literal.identifier(name))
  )
  const versions = states.flatMap(({ version }) => (version === undefined ? [] : [version]))
  const isKnown = datasets !== undefined && versions.length === datasets.length
  return {
    version: isKnown
      ? createHash("sha256")
          .update(JSON.stringify([updatedAt, versions]))
          .digest("hex")
      : undefined,
    data: Stream.unwrap(Effect.map(exports.run(id), (done) => exports.download(done.id))),
    about: {
      privacy: map.privacy,
      description: map.description,
      tags: map.tags,
      datasets: datasets ?? [],
      updated_at: updatedAt
    }
  }
})
