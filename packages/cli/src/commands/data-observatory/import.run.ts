/** The work of `carto data-observatory import`. */
import type { CartoError } from "@effect-carto/core/CartoError"
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import type { Column } from "@effect-carto/core/UserDataset"
import * as NodeFile from "@effect-carto/node/NodeFile"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { type CommandError, failure } from "../../CommandError.ts"
import * as Quantity from "../../format/Quantity.ts"
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
  const source = Stream.tap(sourceOf(input.file), (chunk) => {
    bytes += chunk.length
    return report({ bytes })
  })
  yield* withSession(
    Effect.flatMap(DataObservatory, (observatory) =>
      observatory.load(name, columns, source, {
        geometryColumn: Option.getOrUndefined(input.geometryColumn),
        timeToLive: Option.getOrUndefined(input.timeToLive)
      })
    )
  )
  return { name, bytes }
})

const sourceOf = (file: Option.Option<string>): Stream.Stream<Uint8Array, CartoError | CommandError, Stdio.Stdio> =>
  Option.isNone(file) || file.value === "-"
    ? Stream.unwrap(
        Effect.map(Stdio.Stdio, ({ stdin }) =>
          Stream.mapError(stdin, (error) => failure(`Cannot read standard input: ${error.message}`))
        )
      )
    : NodeFile.read(file.value)
