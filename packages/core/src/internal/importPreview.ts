/** Looks at a source before it is imported: at no more of it than was asked for, and at nothing twice but its beginning. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import type { CartoError } from "../CartoError.ts"
import { tableName } from "../DatasetNames.ts"
import type { ImportLimits, ImportPreview } from "../ImportPreview.ts"
import type { BytesSource, ImportSource } from "../ImportSource.ts"
import { extension, extensions, fileName } from "./importRequest.ts"
import { findings } from "./previewFindings.ts"
import { readTable } from "./previewTable.ts"
import { refuse } from "./refuse.ts"
import { bomOf, delimiterOf, watchUtf8 } from "./textSample.ts"

const delimited = new Set(["csv", "tsv", "txt", "tab"])
const texts = new Set([...delimited, "json", "geojson", "js", "kml", "gpx", "osm"])

/** Datasets of other formats are named after what is inside of the file. */
const named = new Set([...delimited, "xls", "xlsx", "ods", "json", "geojson", "js", "shp", "tif", "tiff"])

/** Enough to tell encoding and delimiter by. */
const headSize = 1 << 16

/** What is said of a source that is not looked into. */
const unseen = {
  format: undefined,
  size: undefined,
  looked: { bytes: 0, rows: 0, isWhole: false },
  encoding: undefined,
  hasBom: false,
  delimiter: undefined,
  columns: []
} as const

export const preview = Effect.fnUntraced(function* <E, R>(
  operation: string,
  source: ImportSource<E, R>,
  limits: ImportLimits,
  sample: number
): Effect.fn.Return<ImportPreview, E | CartoError, R> {
  if (source._tag === "Bytes") return yield* ofBytes(operation, source, limits, sample)
  return { ...unseen, name: nameOf(source), limits, findings: [] }
})

const ofBytes = Effect.fnUntraced(function* <E, R>(
  operation: string,
  source: BytesSource<E, R>,
  limits: ImportLimits,
  sample: number
): Effect.fn.Return<ImportPreview, E | CartoError, R> {
  const file = yield* fileName(operation, source.name)
  const { replayable = true, size } = yield* source.facts
  if (!replayable) {
    return yield* refuse(
      operation,
      `"${file}" can be read only once`,
      "Import it without a look at it, or write it to a file first."
    )
  }
  const format = extension(file)
  const known = {
    ...unseen,
    name: named.has(format) ? tableName(withoutExtensions(file)) : undefined,
    format,
    size,
    limits
  }
  if (!texts.has(format)) return { ...known, findings: findings(known) }

  const start = limited(source.bytes, Math.min(sample, headSize))
  const head = joined(yield* Stream.runCollect(start.bytes))
  const bom = bomOf(head)
  const utf8 = watchUtf8()
  utf8.see(head)
  const encoding = bom ?? (utf8.isValid() ? "utf-8" : "windows-1252")
  const isTable = delimited.has(format)
  const delimiter = isTable ? delimiterOf(new TextDecoder(encoding).decode(head)) : undefined

  const taken = limited(source.bytes, sample)
  const whole = watchUtf8()
  const bytes = Stream.mapArray(taken.bytes, (chunks) => {
    for (const chunk of chunks) whole.see(chunk)
    return chunks
  })
  const table = isTable
    ? yield* readTable(bytes, encoding, delimiter ?? ",", taken)
    : yield* Effect.as(Stream.runDrain(bytes), { columns: [], rows: 0, hasHeader: true, malformed: undefined })
  const seen = {
    ...known,
    looked: { bytes: taken.count(), rows: table.rows, isWhole: !taken.isCut() },
    encoding: bom ?? (whole.isValid() ? "utf-8" : "other"),
    hasBom: bom !== undefined,
    delimiter,
    columns: table.columns
  } as const
  return { ...seen, findings: findings(seen, table) }
})

const withoutExtensions = (file: string): string => {
  const found = extension(file)
  return extensions.includes(found) ? withoutExtensions(file.slice(0, -found.length - 1)) : file
}

/** Where the source itself tells it. */
const nameOf = <E, R>(source: Exclude<ImportSource<E, R>, BytesSource<E, R>>): string | undefined => {
  if (source._tag === "Database") {
    const { import_as, table } = source.connector.parameters
    const given = import_as ?? table
    return Predicate.isString(given) ? tableName(given) : undefined
  }
  return (source._tag === "Query" || source._tag === "Table") && source.name !== undefined
    ? tableName(source.name)
    : undefined
}

/** The first bytes of a stream, and whether there were more. */
const limited = <E, R>(bytes: Stream.Stream<Uint8Array, E, R>, limit: number) => {
  let count = 0
  let isCut = false
  return {
    count: () => count,
    isCut: () => isCut,
    bytes: bytes.pipe(
      Stream.filter((chunk) => chunk.length > 0),
      Stream.rechunk(1),
      Stream.takeWhile(() => {
        isCut ||= count >= limit
        return !isCut
      }),
      Stream.map((chunk) => {
        const kept = chunk.subarray(0, Math.max(0, limit - count))
        isCut ||= kept.length < chunk.length
        count += kept.length
        return kept
      })
    )
  }
}

const joined = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
  const all = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    all.set(chunk, offset)
    offset += chunk.length
  }
  return all
}
