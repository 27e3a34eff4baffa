/** Rows on their way to a dataset: a table that only the emulator sees, and what is known of it. */
import { quoteIdentifier } from "../SqlText.ts"

/** What a column of the dataset is made of. */
export interface Column {
  /** As the file has it. */
  readonly name: string
  /** SQL over the staged table. */
  readonly expression: string
  /** PostgreSQL's type of the expression, as far as it matters: `text`, a number, `geometry`. */
  readonly type: string
}

export interface Staged {
  /** The staged table, quoted, or a query in its place. */
  readonly relation: string
  /** What the dataset wants to be called. */
  readonly name: string
  readonly columns: ReadonlyArray<Column>
  /** SQL of the geometry, where the format itself has one. */
  readonly geometry: string | undefined
  readonly rows: number
}

/**
 * The same rows with every expression evaluated once, however many places of a statement read it: casts of texts are most
 * of what an import costs, and PostgreSQL would copy them to each of those places, but not across an OFFSET.
 */
export const evaluated = (staged: Staged): Staged => {
  const values = staged.columns.map(({ expression }, index) => `${expression} as v${index}`)
  const geometry = staged.geometry === undefined ? [] : [`${staged.geometry} as g`]
  return {
    ...staged,
    relation: `(select ${[...values, ...geometry].join(", ")} from ${staged.relation} offset 0) as _values`,
    columns: staged.columns.map((column, index) => ({ ...column, expression: `v${index}` })),
    geometry: staged.geometry === undefined ? undefined : "g"
  }
}

/** The schema of staged tables; only the superuser reaches it. */
export const stagingSchema = "carto_emulator"

/** How the names of staged tables begin. */
export const stagedPrefix = "importer_"

/** A staged table's name for an import. */
export const relationOf = (id: string, number: number): string =>
  `${stagingSchema}.${quoteIdentifier(`${stagedPrefix}${id.replaceAll("-", "")}_${number}`)}`
