/** The work of `carto import inspect`. */
import type { ImportPreview, PreviewColumn } from "@effect-carto/core/ImportPreview"
import { Imports } from "@effect-carto/core/Imports"
import * as NodeImport from "@effect-carto/node/NodeImport"
import * as Effect from "effect/Effect"
import { failure } from "../../CommandError.ts"
import * as Quantity from "../../format/Quantity.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape([
  "name",
  "format",
  "size",
  "looked",
  "encoding",
  "hasBom",
  "delimiter",
  "columns",
  "limits",
  "findings"
])

export const run = Effect.fnUntraced(function* ({ file, whole }: { readonly file: string; readonly whole: boolean }) {
  const sample = whole ? Number.POSITIVE_INFINITY : undefined
  const preview = yield* withSession(
    Imports.layer(),
    Effect.flatMap(Imports, (imports) => imports.inspect(NodeImport.file(file), { sample }))
  )
  yield* Records.told(shape, report(preview), { ...preview })
  const errors = preview.findings.filter(({ severity }) => severity === "error")
  if (errors.length > 0) return yield* failure(`${file} would not be imported.`, errors[0]?.advice)
})

const report = (preview: ImportPreview): ReadonlyArray<string> => [
  `dataset   ${preview.name ?? "named by the server"}`,
  `format    ${[preview.format, preview.encoding, preview.delimiter === undefined ? undefined : `delimiter ${JSON.stringify(preview.delimiter)}`].filter((part) => part !== undefined).join(", ")}`,
  `looked at ${looked(preview)}`,
  ...preview.columns.map(column),
  ...preview.findings.map(({ advice, message, severity }) => `${severity.padEnd(9)} ${message}. ${inFlags(advice)}`)
]

/** The library speaks of its options. */
const inFlags = (advice: string): string => advice.replace("typeGuessing: false", "--no-type-guessing")

const looked = ({ looked, size }: ImportPreview): string =>
  [
    Quantity.bytes(looked.bytes),
    ...(looked.isWhole || size === undefined ? [] : [`of ${Quantity.bytes(size)}`]),
    ...(looked.rows === 0 ? [] : [`(${Quantity.rows(looked.rows)})`])
  ].join(" ")

const column = ({ becomes, damages, name }: PreviewColumn): string => {
  const harm = damages.map(({ count, example, kind }) => `${Quantity.count(count)} with ${kind}, such as ${example}`)
  return `column    ${name}${becomes === name ? "" : ` becomes ${becomes}`}${harm.length === 0 ? "" : `: ${harm.join("; ")}`}`
}
