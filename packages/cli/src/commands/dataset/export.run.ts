/** The work of `carto dataset export`. */
import { Sql } from "@effect-carto/core/Sql"
import { SqlCopy } from "@effect-carto/core/SqlCopy"
import * as NodeGzip from "@effect-carto/node/NodeGzip"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { usage } from "../../CommandError.ts"
import { guard } from "../../DryRun.ts"
import { plainName } from "../../fileName.ts"
import * as Quantity from "../../format/Quantity.ts"
import { type FileFormat, fileFormats, isBinary } from "../../format/rowFormats.ts"
import { missingTable } from "../../missingTable.ts"
import { checkNew } from "../../newFile.ts"
import * as Output from "../../Output.ts"
import { promisedFormat } from "../../promisedFormat.ts"
import { quotedName } from "../../quotedName.ts"
import * as Records from "../../Records.ts"
import * as RowCounter from "../../RowCounter.ts"
import { withSession } from "../../session.ts"

export interface ExportInput {
  readonly name: string
  readonly format: Option.Option<"csv" | FileFormat>
  readonly output: Option.Option<string>
  readonly force: boolean
}

const shape = Records.shape(["dataset", "file", "format", "bytes", "rows"])
/** The server packs the files of a Shapefile together. */
const extensions: Readonly<Record<string, string>> = { shp: "zip", spatialite: "sqlite" }

export const run = Effect.fnUntraced(function* (input: ExportInput) {
  const asked = Option.getOrElse(input.output, () => "")
  const format = yield* formatFor(input.format, asked)
  const file = asked === "" ? `${plainName(input.name)}.${extensions[format] ?? format}` : asked
  const isTerminal = yield* Effect.flatMap(Stdio.Stdio, (stdio) => stdio.stdoutIsTerminal)
  const isCompressed = format === "csv" && /\.gz$/i.test(file)
  if (file === "-" && isTerminal && isBinary(format)) {
    return yield* usage(
      `${format} is not text and would garble the terminal.`,
      "Write it to a file with --output FILE."
    )
  }
  if (file === "-" && (yield* Records.isJson)) {
    return yield* usage("The data goes to standard output, so that --json cannot.", "Name a file with --output.")
  }
  const table = yield* quotedName(input.name)
  yield* checkNew(file, input.force)
  const work = withSession(
    Layer.mergeAll(Sql.layer(), SqlCopy.layer()),
    Effect.gen(function* () {
      const countRows = RowCounter.make({ format: "csv", header: true })
      let rows: number | undefined
      const data =
        format === "csv"
          ? (yield* SqlCopy).toStatement(`copy ${table} to stdout with (format csv, header true)`).pipe(
              Stream.map((chunk) => {
                rows = countRows(chunk)
                return chunk
              })
            )
          : yield* Effect.map(Sql, (sql) => sql.export(format)(sql.unsafe(`select * from ${table}`)))
      const bytes = isCompressed ? NodeGzip.gzip({ level: 6 })(data) : data
      const write = Effect.mapError(
        Output.write(file, bytes, () => rows),
        missingTable
      )
      const written = yield* file === "-" ? write : guard(`write ${input.name} to ${file}`)(write)
      return { dataset: input.name, file, format, bytes: written.bytes, rows, summary: Output.summary(written) }
    })
  )
  yield* Records.changed(shape, work, ({ dataset, rows, summary }) => {
    const target = file === "-" ? "standard output" : file
    return `wrote ${dataset} to ${target} (${rows === undefined ? "" : `${Quantity.rows(rows)}, `}${summary})`
  })
})

const formatFor = Effect.fnUntraced(function* (asked: Option.Option<"csv" | FileFormat>, file: string) {
  const format = Option.isSome(asked)
    ? asked.value
    : ((yield* promisedFormat(file.replace(/\.gz$/i, ""), ["csv", ...fileFormats])) ?? "csv")
  if (format === "json" || format === "ndjson" || format === "table") {
    return yield* usage(
      `${file} would be ${format}, which datasets are not exported to.`,
      `Use carto sql query "select * from …" --output ${file}, or say --format.`
    )
  }
  return /\.gz$/i.test(file) && format !== "csv"
    ? yield* usage("Only csv is compressed here.", "Leave .gz away.")
    : format
})
