/** The work of `carto dataset describe`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { orWithoutCatalogs } from "../../closedCatalogs.ts"
import { datasets } from "../../datasetServices.ts"
import { missingTable } from "../../missingTable.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { found } from "./found.ts"
import * as page from "./page.ts"

const shape = Records.shape([
  "id",
  "schema",
  "name",
  "kind",
  "owner",
  "privacy",
  "description",
  "tags",
  "comment",
  "size",
  "rows",
  "estimated_rows",
  "geometry_types",
  "geometries",
  "columns",
  "constraints",
  "indexes",
  "triggers",
  "url",
  "updated_at"
])

const columnShape = Records.shape(["name", "type"])

export const run = Effect.fnUntraced(function* (input: { readonly name: string; readonly count: boolean }) {
  const described = Effect.flatMap(Datasets, ({ columns, describe }) =>
    describe(input.name, { countRows: input.count }).pipe(
      orWithoutCatalogs(Effect.map(columns(input.name), (columns) => ({ columns })))
    )
  )
  const description = yield* withSession(datasets, Effect.mapError(found(input.name)(described), missingTable))
  const stdio = yield* Stdio.Stdio
  const isPage = (yield* stdio.stdoutIsTerminal) && !(yield* Records.isJson)
  if (!("schema" in description)) {
    yield* Output.note("The key may not read the catalogs: the columns are all that it is told.")
    const columns = description.columns.map(({ name, pgtype }) => ({ name, type: pgtype }))
    return yield* isPage
      ? Records.list(columnShape, Stream.fromIterable(columns), Option.none())
      : Records.one(shape, Effect.succeed({ name: input.name, columns }))
  }
  if (isPage) {
    const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
    yield* Output.lines(page.lines(description, canColor))
    return
  }
  const { dataset, estimatedRows, geometryTypes, ...table } = description
  yield* Records.one(
    shape,
    Effect.succeed({
      ...table,
      id: dataset?.id,
      privacy: dataset?.privacy,
      description: dataset?.description,
      tags: dataset?.tags,
      estimated_rows: estimatedRows,
      geometry_types: geometryTypes,
      url: dataset?.url,
      updated_at: dataset?.updated_at
    })
  )
})
