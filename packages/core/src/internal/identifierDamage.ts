/** Which values type guessing would change: postal codes, telephone and account numbers, codes such as `12E5`. */
import type { DamageKind, ImportDamage } from "../ImportPreview.ts"

const kinds: ReadonlyArray<readonly [DamageKind, RegExp]> = [
  ["leading zero", /^-?0\d+$/],
  ["leading plus", /^\+\d+$/],
  ["read as an exponent", /^\d*[eE]\d+$/],
  ["more than 15 digits", /^-?[1-9]\d{15,}$/]
]
const isNumeric = /^[+-]?(\d+\.?\d*|\.\d+)?([eE][+-]?\d+)?$/

/** Looks at the values of one column, one after the other. */
export interface ColumnWatch {
  readonly see: (value: string) => void
  /** A column with one value that is no number stays text, and nothing in it is changed. */
  readonly damages: () => ReadonlyArray<ImportDamage>
}

export const watchColumn = (): ColumnWatch => {
  const found = new Map<DamageKind, { count: number; readonly example: string }>()
  let isText = false
  return {
    see: (text) => {
      const value = text.trim()
      if (isText || value === "") return
      if (!isNumeric.test(value)) {
        isText = true
        return
      }
      for (const [kind, pattern] of kinds) {
        if (!pattern.test(value)) continue
        const known = found.get(kind)
        if (known === undefined) found.set(kind, { count: 1, example: value })
        else known.count += 1
      }
    },
    damages: () => (isText ? [] : [...found].map(([kind, { count, example }]) => ({ kind, count, example })))
  }
}
