/** What tests use of `cartocss.js`. */
export interface Condition {
  readonly column: string
  readonly op: string
  readonly value: string | number
}

export interface Rule {
  readonly attachment: string
  readonly filters: ReadonlyArray<Condition>
  readonly zooms: ReadonlyArray<Condition>
  readonly props: Readonly<Record<string, string>>
  readonly order: number
}

export const parse: (cartocss: string) => ReadonlyArray<Rule>
