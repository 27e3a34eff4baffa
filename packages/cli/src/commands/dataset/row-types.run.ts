/** The work of `carto dataset row-types`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as RowCode from "@effect-carto/core/RowCode"
import * as Effect from "effect/Effect"
import { orWithoutCatalogs } from "../../closedCatalogs.ts"
import { datasets } from "../../datasetServices.ts"
import { missingTable } from "../../missingTable.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { found } from "./found.ts"

const shape = Records.shape(["names", "code"])

export const run = Effect.fnUntraced(function* ({ names }: { readonly names: ReadonlyArray<string> }) {
  const tables = yield* withSession(datasets, Effect.forEach(names, tableOf))
  const code = RowCode.ofTables(tables)
  yield* Records.told(shape, [code.trimEnd()], { names, code })
})

/** The types are those that the server sends with rows; what may be NULL the catalogs tell. */
const tableOf = Effect.fnUntraced(
  function* (name: string) {
    const { columns, describe } = yield* Datasets
    const types = yield* columns(name)
    const known = yield* describe(name).pipe(orWithoutCatalogs(Effect.succeed(undefined)))
    if (known === undefined) {
      yield* Output.note(`The key may not read the catalogs: any column of ${name} is taken to hold NULL.`)
    }
    const table: RowCode.RowTable = {
      name: known?.name ?? name,
      columns: types.map((column) => {
        const one = known?.columns.find(({ name }) => name === column.name)
        return { ...column, isNullable: one?.isNullable ?? true, comment: one?.comment }
      })
    }
    return table
  },
  (self, name) => Effect.mapError(found(name)(self), missingTable)
)
