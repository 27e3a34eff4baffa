/** What an import is asked for, once its parameters are checked. */
import type { ConnectorRequest } from "./connector/ConnectorRequest.ts"

/** Where the data comes from. A file has been spooled into the import's own folder. */
export type Source =
  | { readonly _tag: "File"; readonly name: string; readonly path: string }
  | { readonly _tag: "Url"; readonly url: string }
  | { readonly _tag: "Query"; readonly sql: string; readonly tableName: string | undefined }
  | { readonly _tag: "Copy"; readonly table: string; readonly tableName: string | undefined }
  | { readonly _tag: "Connector"; readonly connector: ConnectorRequest }
  /** Accepted, and then a failure. */
  | { readonly _tag: "None" }

export type Privacy = "public" | "private" | "link"

export interface ImportOptions {
  readonly typeGuessing: boolean
  readonly quotedFieldsGuessing: boolean
  readonly contentGuessing: boolean
  readonly createVis: boolean
  readonly privacy: Privacy | undefined
  /** Without one, a dataset whose name is taken gets a number behind its own. */
  readonly collision: "skip" | "overwrite" | undefined
}

export interface Asked {
  readonly source: Source
  readonly options: ImportOptions
  /** JSON text, as it is told again. */
  readonly userDefinedLimits: string
}
