/** The grammar of CartoCSS: blocks of declarations in blocks with selectors. */
import type { Expression } from "./Expression.ts"
import { readExpression } from "./Expression.ts"
import type { Scanner } from "./Scanner.ts"
import type { Place } from "./StyleFault.ts"
import type { Comparison } from "./Stylesheet.ts"

export interface RawFilter {
  readonly key: "zoom" | { readonly column: string }
  readonly comparison: Comparison
  readonly value: Expression
  readonly place: Place
}

/** `#layer.class::attachment[filter]`, or `Map`. */
export interface Selector {
  readonly isMap: boolean
  readonly ids: number
  readonly classes: number
  readonly attachment: string | undefined
  readonly filters: ReadonlyArray<RawFilter>
}

export interface RawDeclaration {
  readonly name: string
  readonly value: Expression
  readonly place: Place
}

export interface Block {
  readonly selectors: ReadonlyArray<Selector>
  readonly declarations: ReadonlyArray<RawDeclaration>
  readonly blocks: ReadonlyArray<Block>
}

/** A whole style. */
export interface Sheet {
  readonly blocks: ReadonlyArray<Block>
  readonly variables: ReadonlyMap<string, Expression>
}

const comparisons: ReadonlyArray<Comparison> = ["=~", "!=", "<=", ">=", "=", "<", ">"]
const filterKey = /\[\s*(?:"([^"]*)"|'([^']*)'|([\w:]+))/y
const name = /([\w-]+(?:\/[\w-]+)?)\s*:(?!:)/y
const variableName = /@([\w-]+)\s*:/y
const blockStart = /[#.[:*]|Map\b/y

const filter = (scanner: Scanner): RawFilter | undefined => {
  const { place } = scanner
  const found = scanner.take(filterKey)
  const comparison = found && comparisons.find((one) => scanner.takeText(one))
  const value = comparison && readExpression(scanner)
  if (found === undefined || comparison === undefined || value === undefined) return undefined
  if (!scanner.takeText("]")) return undefined
  const key = found[3] === "zoom" ? "zoom" : { column: found[1] ?? found[2] ?? found[3] ?? "" }
  return { key, comparison, value, place }
}

const selector = (scanner: Scanner): Selector | undefined => {
  const start = scanner.place
  let [ids, classes, isMap] = [0, 0, false]
  let attachment: string | undefined
  const filters: Array<RawFilter> = []
  for (;;) {
    const own = scanner.take(/::([\w-]+(?:\/[\w-]+)*)/y)
    if (own !== undefined) attachment = own[1]
    else if (scanner.take(/#[\w-]+/y) !== undefined) ids++
    else if (scanner.take(/\.[\w-]+/y) !== undefined) classes++
    else if (scanner.take(/Map\b/y) !== undefined) isMap = true
    else if (scanner.takeText("*")) continue
    else if (scanner.startsWith(/\[/y)) {
      const one = filter(scanner)
      if (one === undefined) return undefined
      filters.push(one)
    } else return scanner.place === start ? undefined : { isMap, ids, classes, attachment, filters }
  }
}

const block = (scanner: Scanner): Block => {
  const start = scanner.place
  const selectors: Array<Selector> = []
  do {
    // A comma before the block is let pass by CARTO, too.
    if (selectors.length > 0 && scanner.startsWith(/\{/y)) break
    const one = selector(scanner)
    if (one === undefined) throw scanner.invalid(start)
    selectors.push(one)
  } while (scanner.takeText(","))
  if (!scanner.takeText("{")) throw scanner.isAtEnd ? scanner.unclosed() : scanner.invalid(start)
  const declarations: Array<RawDeclaration> = []
  const blocks: Array<Block> = []
  while (!scanner.takeText("}")) {
    if (scanner.isAtEnd) throw scanner.unclosed()
    if (scanner.takeText(";")) continue
    if (scanner.startsWith(blockStart)) blocks.push(block(scanner))
    else declarations.push(declaration(scanner, name))
  }
  return { selectors, declarations, blocks }
}

const declaration = (scanner: Scanner, pattern: RegExp): RawDeclaration => {
  const { place } = scanner
  const found = scanner.take(pattern)
  const value = found && readExpression(scanner)
  const isEnded = scanner.takeText(";") || scanner.startsWith(/\}/y) || scanner.isAtEnd
  if (found === undefined || value === undefined || !isEnded) throw scanner.invalid(place)
  return { name: found[1] ?? "", value, place }
}

/** Throws a `StyleFault` at the first thing that is not understood. */
export const parse = (scanner: Scanner): Sheet => {
  const blocks: Array<Block> = []
  const variables = new Map<string, Expression>()
  while (!scanner.isAtEnd) {
    if (scanner.takeText(";")) continue
    if (scanner.startsWith(variableName)) {
      const { name, value } = declaration(scanner, variableName)
      variables.set(name, value)
    } else if (scanner.takeText("}")) throw scanner.fault("missing opening `{`")
    else blocks.push(block(scanner))
  }
  return { blocks, variables }
}
