/** Functions that build row objects, generated where the platform allows it. */
import * as Result from "effect/Result"

/** A row as an object, one own property per column. */
export type Row = Record<string, unknown>

/**
 * Compiles `body` with `parameters` bound to `values`. Undefined where a content security policy forbids generated
 * code; callers then use closures, at about three quarters of the speed.
 */
export const compile = (parameters: ReadonlyArray<string>, body: string, values: ReadonlyArray<unknown>): unknown =>
  Result.getOrUndefined(
    Result.try({ try: (): unknown => new Function(...parameters, body)(...values), catch: () => undefined })
  )

/** An object literal of columns; a computed key makes `__proto__` an own property like any other. */
export const objectLiteral = (names: ReadonlyArray<string>, value: (index: number) => string): string =>
  `({${names.map((name, i) => `[${JSON.stringify(name)}]:${value(i)}`).join(",")}})`

/** The same without generated code. */
export const objectOf = (names: ReadonlyArray<string>, values: ReadonlyArray<unknown>): Row => {
  const row: Row = {}
  names.forEach((name, i) => {
    if (name === "__proto__") {
      Object.defineProperty(row, name, { value: values[i], enumerable: true, configurable: true, writable: true })
    } else row[name] = values[i]
  })
  return row
}

const isRowOf = (value: unknown): value is (cells: ReadonlyArray<string | null>) => Row => typeof value === "function"

/** Cells of text to a row, each through its own decoder; NULL stays null. */
export const rowOfCells = (
  names: ReadonlyArray<string>,
  decoders: ReadonlyArray<(text: string) => unknown>
): ((cells: ReadonlyArray<string | null>) => Row) => {
  const generated = compile(
    decoders.map((_, i) => `d${i}`),
    `return (c) => ${objectLiteral(names, (i) => `c[${i}] === null ? null : d${i}(c[${i}])`)}`,
    decoders
  )
  if (isRowOf(generated)) return generated
  return (cells) =>
    objectOf(
      names,
      decoders.map((decode, i) => {
        const cell = cells[i] ?? null
        return cell === null ? null : decode(cell)
      })
    )
}

/** How a column's values, never NULL, are read. */
export interface ColumnDecoder {
  readonly name: string
  /** Numbers need no decoding, which saves a call. */
  readonly keepsNumbers: boolean
  readonly decode: (value: unknown) => unknown
}

const isRowUpdate = (value: unknown): value is (row: Row) => void => typeof value === "function"

/**
 * Decodes some columns of a row in place; NULL stays null, and a missing column missing. Storing costs more than
 * looking, so that a value stays where its decoder returned it.
 */
export const decodeInPlace = (columns: ReadonlyArray<ColumnDecoder>): ((row: Row) => void) => {
  const generated = compile(
    columns.map((_, i) => `d${i}`),
    `return (r) => {
  let v, w
  ${columns
    .map(({ keepsNumbers, name }, i) => {
      const cell = `r[${JSON.stringify(name)}]`
      const kept = keepsNumbers ? 'typeof v !== "number" && ' : ""
      return `v = ${cell}; if (${kept}v !== null && v !== undefined) { w = d${i}(v); if (w !== v) ${cell} = w }`
    })
    .join("\n  ")}
}`,
    columns.map(({ decode }) => decode)
  )
  if (isRowUpdate(generated)) return generated
  return (row) => {
    for (const { decode, keepsNumbers, name } of columns) {
      const value = row[name]
      if (value === null || value === undefined || (keepsNumbers && typeof value === "number")) continue
      const decoded = decode(value)
      if (decoded !== value) row[name] = decoded
    }
  }
}
