/** What can be known of an import before anything is sent. */

export interface ImportPreview {
  /** What the dataset would be called; a number follows where there is one of that name. None where the server decides. */
  readonly name: string | undefined
  /** By the extension, without the dot. */
  readonly format: string | undefined
  /** In bytes. */
  readonly size: number | undefined
  /** Everything below is true of so much of the source, and only known of the rest when `isWhole`. */
  readonly looked: {
    readonly bytes: number
    /** Behind the header, of a delimited text. */
    readonly rows: number
    readonly isWhole: boolean
  }
  /** `other` is anything that is not Unicode. */
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be" | "other" | undefined
  readonly hasBom: boolean
  readonly delimiter: string | undefined
  /** Of a delimited text. */
  readonly columns: ReadonlyArray<PreviewColumn>
  /** What the account may import, as far as it could be asked. */
  readonly limits: ImportLimits
  /** The same in sentences, with what to do. */
  readonly findings: ReadonlyArray<ImportFinding>
}

export interface PreviewColumn {
  readonly name: string
  /** The name in the dataset. */
  readonly becomes: string
  /** What type guessing would change, in a column in which everything looks like a number. */
  readonly damages: ReadonlyArray<ImportDamage>
}

export type DamageKind = "leading zero" | "leading plus" | "more than 15 digits" | "read as an exponent"

/** Values of one kind that would come back as something else. */
export interface ImportDamage {
  readonly kind: DamageKind
  readonly count: number
  readonly example: string
}

export interface ImportFinding {
  /** An `error` makes the import fail; after a `warning` it does something that may not be meant. */
  readonly severity: "error" | "warning"
  readonly message: string
  readonly advice: string
}

export interface ImportLimits {
  /** Bytes of storage that are left; negative when there are too many. */
  readonly remaining_byte_quota?: number | undefined
  /** Bytes. */
  readonly import_file_size?: number | undefined
  readonly import_table_rows?: number | undefined
  readonly concurrent_imports?: number | undefined
}

export interface InspectOptions {
  /** How many bytes to look at, from the beginning; `Infinity` for all. Default 1 MiB. */
  readonly sample?: number | undefined
}
