/** An import as the server tells it (platform reference, §6.2), and what its states and its end mean (§6.3). */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { CartoError, ImportError } from "./CartoError.ts"
import * as ImportErrors from "./ImportErrors.ts"
import { htmlLine } from "./internal/htmlLine.ts"
import { maybe } from "./internal/optional.ts"

export const ImportId = Schema.NonEmptyString.pipe(Schema.brand("carto/ImportId"))
export type ImportId = typeof ImportId.Type

/**
 * `enqueued`, `pending`, `uploading`, `unpacking`, `importing`, `guessing`, `geocoding`, and at the end `complete`,
 * `failure` or `stuck`. Other words decode too, and count as not over.
 */
export const ImportState = Schema.String
export type ImportState = typeof ImportState.Type

/** The server's text for an error code. `what_about` is HTML. */
export const ImportErrorText = Schema.Struct({
  title: maybe(Schema.String),
  what_about: maybe(Schema.String),
  source: maybe(Schema.String)
})

/** What the server left out of a success. */
export const ImportWarnings = Schema.StructWithRest(
  Schema.Struct({
    rejected_layers: maybe(Schema.Array(Schema.String)),
    /** Layers that a map of the account may have. */
    user_max_layers: maybe(Schema.Int),
    /** Tables that are read of one archive. */
    max_tables_per_import: maybe(Schema.Int),
    /** Rows that are read of an external database; the rest is cut. */
    max_rows_per_connection: maybe(Schema.Int)
  }),
  [Schema.Record(Schema.String, Schema.Json)]
)

export const Import = Schema.Struct({
  id: ImportId,
  state: ImportState,
  user_id: maybe(Schema.String),
  /** Of several tables, only the last one is named. */
  table_id: maybe(Schema.String),
  table_name: maybe(Schema.String),
  /** 0 for queries and copies of tables, although they make one. */
  tables_created_count: maybe(Schema.Int),
  data_type: maybe(Schema.String),
  error_code: maybe(Schema.Int),
  get_error_text: maybe(Schema.Union([ImportErrorText, Schema.String])),
  synchronization_id: maybe(Schema.String),
  type_guessing: maybe(Schema.Boolean),
  quoted_fields_guessing: maybe(Schema.Boolean),
  content_guessing: maybe(Schema.Boolean),
  create_visualization: maybe(Schema.Boolean),
  /** Of the map that was asked for, never of the dataset. */
  visualization_id: maybe(Schema.String),
  derived_visualization_id: maybe(Schema.String),
  /** JSON inside of a string. */
  user_defined_limits: maybe(Schema.String),
  display_name: maybe(Schema.String),
  original_url: maybe(Schema.String),
  warnings: maybe(ImportWarnings),
  is_raster: maybe(Schema.Boolean),
  any_table_raster: maybe(Schema.Boolean),
  /** Only at the end. A `complete` import may still have made nothing: see `outcome`. */
  success: maybe(Schema.Boolean),
  /** What the server of a URL answered, when it was no success. */
  http_response_code: maybe(Schema.Union([Schema.String, Schema.Int])),
  http_response_code_message: maybe(Schema.String)
})
export type Import = typeof Import.Type

/** A dataset that an import made. */
export interface ImportedDataset {
  readonly name: string
  /** What `/api/v1/tables` knows it by. The server does not tell it after overwriting by a query. */
  readonly table_id: string | undefined
  /** What `/api/v1/viz` knows it by; only where the list of datasets had to be read. */
  readonly visualization_id: string | undefined
}

export interface Imported {
  readonly _tag: "Imported"
  readonly import: Import
  /** The one that the server names comes first. None when only a map was made. */
  readonly datasets: ReadonlyArray<ImportedDataset>
  /** How many the server counted; more than there are in `datasets` when some did not appear in time. */
  readonly count: number
  /**
   * The server names one of several. The others are those that appeared with it: `false` when something else appeared
   * then too, or nobody knows since when, so that one in `datasets` may be of another import.
   */
  readonly isCertain: boolean
  /** The map, where one was asked for. */
  readonly map_visualization_id: string | undefined
}

/** Nothing was to be done: datasets of all names existed, and the strategy was `skip`. */
export interface Skipped {
  readonly _tag: "Skipped"
  readonly import: Import
  readonly datasets: readonly []
}

/** How an import that did not fail has ended. */
export type ImportOutcome = Imported | Skipped

const final = new Set(["complete", "failure", "stuck"])

/** Whether nothing of the import is still to happen. */
export const isOver = ({ state }: Import): boolean => final.has(state)

/** What an import must change to have moved. */
export const state = (value: Import): string => value.state

/** The informative code that comes with `complete` (platform reference, §6.2). */
const allSkipped = 1022

/**
 * How an import that is over has ended, by itself: of several datasets it knows only the last one. A `failure`, `stuck`,
 * and a `complete` that made nothing are an `ImportError`.
 */
export const outcome = (operation: string, value: Import): Result.Result<ImportOutcome, CartoError> => {
  if (value.state !== "complete") return Result.fail(problem(operation, value))
  const map_visualization_id = value.visualization_id ?? value.derived_visualization_id ?? undefined
  const { table_id = null, table_name = null } = value
  if (table_id === null && table_name === null) {
    if (value.error_code === allSkipped) return Result.succeed({ _tag: "Skipped", import: value, datasets: [] })
    if (map_visualization_id === undefined) return Result.fail(problem(operation, value))
  }
  const datasets =
    table_name === null ? [] : [{ name: table_name, table_id: table_id ?? undefined, visualization_id: undefined }]
  const count = Math.max(datasets.length, value.tables_created_count ?? 0)
  return Result.succeed({
    _tag: "Imported",
    import: value,
    datasets,
    count,
    isCertain: count === datasets.length,
    map_visualization_id
  })
}

/** Why an import is no success, in the server's words where it has some. */
export const problem = (operation: string, value: Import): CartoError => {
  const said = typeof value.get_error_text === "string" ? { what_about: value.get_error_text } : value.get_error_text
  const code = value.error_code ?? undefined
  const known = code === undefined ? undefined : ImportErrors.describe(code)
  const title = plain(said?.title) ?? known?.title ?? untitled(value)
  const words = [plain(said?.what_about), download(value)].filter((part) => part !== undefined)
  return new CartoError({
    operation,
    reason: new ImportError({
      importId: value.id,
      state: value.state,
      ...(code === undefined ? {} : { code }),
      title,
      message: `${[title, ...words].join(": ")}${code === undefined ? "" : ` (code ${code})`}`,
      remedy: known?.remedy ?? unknownRemedy(value),
      source: plain(said?.source) ?? known?.source ?? "cartodb",
      fix: known?.fix ?? (value.state === "complete" ? "data" : "repeat")
    })
  })
}

/** What was left out of the datasets, in words. */
export const warnings = ({ warnings }: Import): ReadonlyArray<string> => {
  if (warnings === null || warnings === undefined) return []
  const { max_rows_per_connection, max_tables_per_import, rejected_layers, user_max_layers, ...others } = warnings
  return [
    ...(rejected_layers
      ? [`not on the map, which may have ${user_max_layers ?? "no more"} layers: ${rejected_layers.join(", ")}`]
      : []),
    ...(max_tables_per_import ? [`only ${max_tables_per_import} tables of the archive were read`] : []),
    ...(max_rows_per_connection ? [`rows behind the first ${max_rows_per_connection} were cut off`] : []),
    ...Object.entries(others).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  ]
}

const plain = (html: string | null | undefined): string | undefined => {
  const text = htmlLine(html ?? "")
  return text === "" ? undefined : text
}

const untitled = ({ error_code, state }: Import): string =>
  typeof error_code === "number"
    ? "Unknown problem"
    : state === "complete"
      ? "The import is complete, but made nothing"
      : state === "stuck"
        ? "Stuck import job"
        : "The import failed, and the server does not tell why"

const unknownRemedy = ({ state }: Import): string =>
  state === "complete"
    ? "Look for the dataset; if it is not there, check that the source holds data, and import it again."
    : "Import it again; if it stays, give the id of the import to the operator of the server."

const download = ({ http_response_code, http_response_code_message }: Import): string | undefined => {
  const parts = [http_response_code, http_response_code_message].filter((part) => part !== null && part !== undefined)
  return parts.length === 0 ? undefined : `the URL answered ${htmlLine(parts.join(" "))}`
}
