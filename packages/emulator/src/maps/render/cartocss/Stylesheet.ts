/** A style as it is drawn: rules of declarations with the features they are for. */
import type { Color } from "./Color.ts"
import type { Value } from "./evaluate.ts"

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=" | "=~"

/** A condition of a rule on a column of the features, or on the zoom. */
export interface Filter {
  readonly key: "zoom" | { readonly column: string }
  readonly comparison: Comparison
  readonly value: string | number | boolean | null
}

/** One property of one symbolizer; `instance` tells several of the same kind from each other. */
export interface Declaration {
  readonly instance: string
  readonly property: string
  readonly value: Value
  readonly place: number
}

/** Declarations for features that pass all filters. */
export interface Rule {
  /** What is drawn over all that came before it, `""` without a name. */
  readonly attachment: string
  readonly filters: ReadonlyArray<Filter>
  /** Ids, classes and filters of its selector: the more, the stronger. */
  readonly specificity: readonly [ids: number, classes: number, filters: number]
  readonly declarations: ReadonlyArray<Declaration>
}

/** What `readStylesheet` reads. */
export interface Stylesheet {
  readonly background: Color | undefined
  /** In the order of the text. */
  readonly rules: ReadonlyArray<Rule>
  /** The columns of features that it speaks of. */
  readonly columns: ReadonlySet<string>
  /** What of it is valid but not drawn, in words. */
  readonly undrawn: ReadonlyArray<string>
}
