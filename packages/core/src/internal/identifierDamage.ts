/** Which values type guessing would change: postal codes, telephone and account numbers, codes such as `12E5`. */
import type { DamageKind, ImportDamage } from "../ImportPreview.ts"

const tooLong: DamageKind = "more than 15 digits"
const kinds: ReadonlyArray<readonly [DamageKind, RegExp]> = [
  ["leading zero", /^-?0\d+$/],
  ["leading plus", /^\+\d+$/],
  ["read as an exponent", /^\d*[deDE]\d+$/],
  [tooLong, /^-?[1-9]\d{15,}$/]
]
const isNumeric = /^[+-]?(\d+\.?\d*|\.\d+)?([deDE][+-]?\d+)?$/
const isWhole = /^[+-]?\d+$/
const largest = 2n ** 63n - 1n

/** Looks at the values of one column, one after the other. */
export interface ColumnWatch {
  readonly see: (value: string) => void
  /** A column with one value that is no number stays text, and nothing in it is changed. */
  readonly damages: () => ReadonlyArray<ImportDamage>
}

/** With `decimalComma`, `1,5` is a number: as in a file that semicolons divide. */
export const watchColumn = (decimalComma: boolean): ColumnWatch => {
  const found = new Map<DamageKind, { count: number; readonly example: string }>()
  let isText = false
  let isBigint = true
  return {
    see: (text) => {
      const value = (decimalComma ? text.replace(",", ".") : text).trim()
      if (isText || value === "") return
      if (!isNumeric.test(value)) {
        isText = true
        return
      }
      isBigint &&= isBigintValue(value)
      for (const [kind, pattern] of kinds) {
        if (!pattern.test(value)) continue
        const known = found.get(kind)
        if (known === undefined) found.set(kind, { count: 1, example: value })
        else known.count += 1
      }
    },
    damages: () =>
      [...found].flatMap(([kind, { count, example }]) =>
        // Whole numbers of 64 bits keep all of their digits, as long as nothing else is in their column.
        isText || (kind === tooLong && isBigint) ? [] : [{ kind, count, example }]
      )
  }
}

const isBigintValue = (value: string): boolean => {
  if (!isWhole.test(value)) return false
  if (value.length < 16) return true
  const number = BigInt(value.replace("+", ""))
  return number <= largest && number >= -largest - 1n
}
