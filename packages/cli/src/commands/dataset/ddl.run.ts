/** The work of `carto dataset ddl`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as Effect from "effect/Effect"
import { datasets } from "../../datasetServices.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { found } from "./found.ts"

const shape = Records.shape(["name", "sql"])

export const run = Effect.fnUntraced(function* ({ name }: { readonly name: string }) {
  const sql = yield* withSession(datasets, found(name)(Effect.flatMap(Datasets, ({ ddl }) => ddl(name))))
  yield* Records.told(shape, [sql.trimEnd()], { name, sql })
})
