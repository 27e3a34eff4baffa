/** `Datasets` with what it stands on. */
import { Datasets } from "@effect-carto/core/Datasets"
import { Imports } from "@effect-carto/core/Imports"
import { Sql } from "@effect-carto/core/Sql"
import { SqlCopy } from "@effect-carto/core/SqlCopy"
import { SqlJobs } from "@effect-carto/core/SqlJobs"
import { Synchronizations } from "@effect-carto/core/Synchronizations"
import * as Layer from "effect/Layer"

export const datasets = Datasets.layer().pipe(
  Layer.provideMerge(
    Layer.mergeAll(Imports.layer(), Sql.layer(), SqlCopy.layer(), SqlJobs.layer(), Synchronizations.layer())
  )
)
