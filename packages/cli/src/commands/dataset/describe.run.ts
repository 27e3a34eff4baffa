/** The work of `carto dataset describe`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
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

export const run = Effect.fnUntraced(function* (input: { readonly name: string; readonly count: boolean }) {
  const description = yield* withSession(
    found(input.name)(Effect.flatMap(Datasets, ({ describe }) => describe(input.name, { countRows: input.count })))
  )
  const stdio = yield* Stdio.Stdio
  if ((yield* stdio.stdoutIsTerminal) && !(yield* Records.isJson)) {
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
