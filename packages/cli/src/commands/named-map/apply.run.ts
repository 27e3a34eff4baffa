/** The work of `carto named-map apply`. */
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { usage } from "../../CommandError.ts"
import type { RowFormat } from "../../format/rowFormats.ts"
import { readTemplate } from "../../MapDefinition.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { line, tellLimit } from "./record.ts"

const shape = Records.shape(["name", "change", "file"])

export interface ApplyInput {
  readonly files: ReadonlyArray<string>
  readonly format: Option.Option<RowFormat>
}

/** All files are read and checked before the first template is sent. */
export const run = Effect.fnUntraced(function* ({ files, format }: ApplyInput) {
  const templates = yield* Effect.forEach(files, (file) =>
    Effect.map(readTemplate(file), (template) => ({ file, template }))
  )
  const twice = templates.find(({ template }, at) =>
    templates.slice(0, at).some((other) => other.template.name === template.name)
  )
  if (twice !== undefined) {
    return yield* usage(`Two files hold the template ${twice.template.name}.`, `One is ${twice.file}.`)
  }
  const applied = Stream.fromIterable(templates).pipe(
    Stream.mapEffect(({ file, template }) =>
      Effect.flatMap(NamedMaps, ({ apply }) => apply(template)).pipe(
        Effect.tap((change) => Output.note(line(change))),
        Effect.tap(tellLimit),
        Effect.map(({ change, name }) => ({ name, change, file }))
      )
    )
  )
  yield* withSession(
    NamedMaps.layer(),
    Effect.flatMap(Records.isJson, (isJson) =>
      isJson || format._tag === "Some" ? Records.list(shape, applied, format) : Stream.runDrain(applied)
    )
  )
})
