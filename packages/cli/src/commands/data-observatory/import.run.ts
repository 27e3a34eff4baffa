/** The work of `carto data-observatory import`. */
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import type { Column } from "@effect-carto/core/UserDataset"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Quantity from "../../format/Quantity.ts"
import { inputBytes } from "../../inputBytes.ts"
import * as Progress from "../../Progress.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape(["name", "bytes"])

export interface ImportInput {
  readonly name: string
  readonly file: Option.Option<string>
  readonly columns: ReadonlyArray<Column>
  readonly geometryColumn: Option.Option<string>
  readonly timeToLive: Option.Option<Duration.Duration>
}

export const run = (input: ImportInput) =>
  Records.changed(
    shape,
    Effect.scoped(load(input)),
    ({ bytes, name }) => `loaded ${Quantity.bytes(bytes)} into ${name} of the Data Observatory`
  )

const load = Effect.fnUntraced(function* (input: ImportInput) {
  const { columns, name } = input
  const report = yield* Progress.make({ isShown: false })
  let bytes = 0
  const source = Stream.tap(inputBytes(Option.getOrElse(input.file, () => "-")), (chunk) => {
    bytes += chunk.length
    return report({ bytes })
  })
  yield* withSession(
    DataObservatory.layer(),
    Effect.flatMap(DataObservatory, (observatory) =>
      observatory.load(name, columns, source, {
        geometryColumn: Option.getOrUndefined(input.geometryColumn),
        timeToLive: Option.getOrUndefined(input.timeToLive)
      })
    )
  )
  return { name, bytes }
})
