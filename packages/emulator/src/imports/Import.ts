/** An import: how far it is, and how that is told (platform reference, §6.2). */
import type { Asked, Source } from "./Asked.ts"
import type { SourceState } from "./download.ts"
import { failureText, type ImportFailure } from "./failures.ts"

/** `stuck` is what very old servers call an import whose worker was lost. */
export type State =
  | "enqueued"
  | "pending"
  | "uploading"
  | "unpacking"
  | "importing"
  | "guessing"
  | "geocoding"
  | "complete"
  | "failure"
  | "stuck"

/** What a synchronization wants of an import that it asks for. */
export interface Synced {
  readonly id: string
  /** What the dataset is to be called; the file's name decides unless told. */
  readonly tableName: string | undefined
  /** A later run: it replaces the table of that name, and only if the source is not as it was. */
  readonly refresh: { readonly known: SourceState | undefined } | undefined
}

/** A dataset that an import made. */
export interface Made {
  readonly id: string
  readonly name: string
}

export interface Import {
  readonly id: string
  readonly userId: string
  readonly asked: Asked
  readonly synced: Synced | undefined
  readonly createdAt: number
  state: State
  failure: ImportFailure | undefined
  made: ReadonlyArray<Made>
  /** Of the map, not of the dataset. */
  visualizationId: string | null
  warnings: Readonly<Record<string, unknown>>
  /** Of a download. */
  source: SourceState | undefined
}

/** Its life is over. */
export const isFinal = ({ state }: Import): boolean => state === "complete" || state === "failure" || state === "stuck"

const dataTypes: Readonly<Record<Source["_tag"], string | null>> = {
  File: "file",
  Url: "url",
  Query: "query",
  Copy: "table",
  Connector: "datasource",
  None: null
}

const baseName = (url: string): string => (url.split(/[?#]/, 1)[0] ?? "").split("/").at(-1) ?? ""

const displayName = ({ asked: { source }, id }: Import): string => {
  switch (source._tag) {
    case "File":
      return source.name
    case "Url":
      return baseName(source.url) || id
    default:
      return id
  }
}

// What stands only in its last states.
const ending = (one: Import): object => {
  if (!isFinal(one)) return {}
  const success = one.state === "complete"
  return success ? { success, any_table_raster: false, derived_visualization_id: one.visualizationId } : { success }
}

const httpOf = ({ failure }: Import): object =>
  failure?.http === undefined
    ? {}
    : { http_response_code: String(failure.http.status), http_response_code_message: failure.http.message }

// Of several tables only the last is told; one that replaced another by a query has a name only.
const tableOf = ({ asked: { options, source }, made }: Import) => {
  const last = made.at(-1)
  const hidden = source._tag === "Query" && options.collision === "overwrite"
  return { table_id: hidden ? null : (last?.id ?? null), table_name: last?.name ?? null }
}

const tableCount = (one: Import): number | null => {
  if (one.state !== "complete") return null
  const { _tag } = one.asked.source
  return _tag === "Query" || _tag === "Copy" ? 0 : one.made.length
}

/** The answer to `GET /api/v1/imports/{id}`. */
export const toJson = (one: Import): string => {
  const { options, source, userDefinedLimits } = one.asked
  const code = one.failure?.code ?? null
  const { table_id, table_name } = tableOf(one)
  return JSON.stringify({
    id: one.id,
    user_id: one.userId,
    table_id,
    data_type: dataTypes[source._tag],
    table_name,
    state: one.state,
    error_code: code,
    queue_id: one.id,
    tables_created_count: tableCount(one),
    synchronization_id: one.synced?.id ?? null,
    type_guessing: options.typeGuessing,
    quoted_fields_guessing: options.quotedFieldsGuessing,
    content_guessing: options.contentGuessing,
    create_visualization: options.createVis,
    visualization_id: one.visualizationId,
    user_defined_limits: userDefinedLimits,
    get_error_text: code === null ? null : failureText(code),
    display_name: displayName(one),
    original_url: source._tag === "Url" ? source.url : "",
    warnings: Object.keys(one.warnings).length === 0 ? null : one.warnings,
    is_raster: false,
    ...ending(one),
    ...httpOf(one)
  })
}
