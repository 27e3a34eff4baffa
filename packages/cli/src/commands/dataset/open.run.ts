/** The work of `carto dataset open`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import { failure } from "../../CommandError.ts"
import { datasets } from "../../datasetServices.ts"
import * as Output from "../../Output.ts"
import { openPage } from "../../openPage.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { found } from "./found.ts"

const shape = Records.shape(["name", "url"])

export const run = Effect.fnUntraced(function* (input: { readonly idOrName: string; readonly open: boolean }) {
  const { name, url } = yield* withSession(
    datasets,
    found(input.idOrName)(Effect.flatMap(Datasets, ({ get }) => get(input.idOrName)))
  )
  if (url === undefined || !/^https?:\/\//i.test(url)) {
    return yield* failure(`The server tells no page of ${name}.`, "It tells them to the owner's master key.")
  }
  const isTerminal = yield* Effect.flatMap(Stdio.Stdio, (stdio) => stdio.stdoutIsTerminal)
  if (input.open && isTerminal && !(yield* Records.isJson) && (yield* openPage(url))) {
    return yield* Output.note(`opened ${url}`)
  }
  return yield* Records.told(shape, [url], { name, url })
})
