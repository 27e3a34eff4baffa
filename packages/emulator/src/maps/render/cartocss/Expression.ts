/** Values as they are written: numbers, colours, texts, columns, variables, functions and sums of them. */
import { type Color, readHex, readName } from "./Color.ts"
import type { Scanner } from "./Scanner.ts"
import type { Place } from "./StyleFault.ts"

export type Literal =
  | { readonly _tag: "Number"; readonly value: number; readonly unit: string }
  /** `word` is the name that the colour was told by: in a filter it is no colour. */
  | { readonly _tag: "Color"; readonly color: Color; readonly word?: string | undefined }
  | { readonly _tag: "Text"; readonly text: string }
  | { readonly _tag: "Word"; readonly word: string }
  | { readonly _tag: "Field"; readonly column: string }

export type Operator = "+" | "-" | "*" | "/" | "%"

export type Expression =
  | Literal
  | { readonly _tag: "Variable"; readonly name: string; readonly place: Place }
  | {
      readonly _tag: "Call"
      readonly name: string
      readonly arguments: ReadonlyArray<Expression>
      readonly place: Place
    }
  | {
      readonly _tag: "Operation"
      readonly operator: Operator
      readonly left: Expression
      readonly right: Expression
      readonly place: Place
    }
  | { readonly _tag: "List"; readonly items: ReadonlyArray<Expression> }

const number = /([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(%|[a-z]+)?/iy
const hex = /#([\da-f]+)\b/iy
const quoted = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/y
const field = /\[\s*(?:"([^"]+)"|'([^']+)'|([^\]]+?))\s*\]/y
const variable = /@([\w-]+)/y
const call = /([\w-]+)\(/y
const address = /url\(\s*["']?([^"')]*)["']?\s*\)/y
const word = /[a-z_][\w-]*(?:::?[\w-]+)*/iy
const mapping = /[<>]=?|==?/y
const valueEnd = /[;})\]]|$/y

const withoutEscapes = (text: string): string => text.replace(/\\(["'\\])/g, "$1")

const primary = (scanner: Scanner): Expression | undefined => {
  const place = scanner.place
  if (scanner.takeText("(")) {
    const inner = list(scanner)
    return scanner.takeText(")") ? inner : undefined
  }
  const text = scanner.take(quoted)
  if (text !== undefined) return { _tag: "Text", text: withoutEscapes(text[1] ?? text[2] ?? "") }
  const digits = scanner.take(number)
  if (digits !== undefined) return { _tag: "Number", value: Number(digits[1]), unit: digits[2] ?? "" }
  const color = scanner.take(hex)
  if (color !== undefined) {
    const read = readHex(color[1] ?? "")
    return read === undefined ? undefined : { _tag: "Color", color: read }
  }
  const column = scanner.take(field)
  if (column !== undefined) return { _tag: "Field", column: column[1] ?? column[2] ?? column[3] ?? "" }
  const name = scanner.take(variable)
  if (name !== undefined) return { _tag: "Variable", name: name[1] ?? "", place }
  const link = scanner.take(address)
  if (link !== undefined)
    return { _tag: "Call", name: "url", arguments: [{ _tag: "Text", text: link[1] ?? "" }], place }
  const called = scanner.take(call)
  if (called !== undefined) {
    const items = scanner.takeText(")") ? [] : commaList(scanner)
    if (items === undefined || (items.length > 0 && !scanner.takeText(")"))) return undefined
    return { _tag: "Call", name: (called[1] ?? "").toLowerCase(), arguments: items, place }
  }
  const plain = scanner.take(word) ?? scanner.take(mapping)
  if (plain === undefined) return undefined
  const named = readName(plain[0])
  return named === undefined ? { _tag: "Word", word: plain[0] } : { _tag: "Color", color: named, word: plain[0] }
}

const operators: ReadonlyArray<ReadonlyArray<Operator>> = [
  ["+", "-"],
  ["*", "/", "%"]
]

/** `1 -2` are two numbers, `1 - 2` and `1-2` are one. */
const isOperator = (scanner: Scanner, operator: Operator): boolean =>
  !((operator === "-" || operator === "+") && scanner.isAfterSpace && scanner.startsWith(/[+-]\S/y))

const operation = (scanner: Scanner, level: number): Expression | undefined => {
  const own = operators[level]
  if (own === undefined) return primary(scanner)
  let left = operation(scanner, level + 1)
  while (left !== undefined) {
    const place = scanner.place
    const operator = own.find((one) => isOperator(scanner, one) && scanner.takeText(one))
    if (operator === undefined) return left
    const right = operation(scanner, level + 1)
    left = right === undefined ? undefined : { _tag: "Operation", operator, left, right, place }
  }
  return left
}

/** Items with white space between them. */
const spaced = (scanner: Scanner): Expression | undefined => {
  const items: Array<Expression> = []
  while (!scanner.isAtEnd && !scanner.startsWith(valueEnd) && !scanner.startsWith(/,/y)) {
    const item = operation(scanner, 0)
    if (item === undefined) return undefined
    items.push(item)
  }
  const [first, ...more] = items
  return more.length === 0 ? first : { _tag: "List", items }
}

const commaList = (scanner: Scanner): ReadonlyArray<Expression> | undefined => {
  const items: Array<Expression> = []
  do {
    const item = spaced(scanner)
    if (item === undefined) return undefined
    items.push(item)
  } while (scanner.takeText(","))
  return items
}

const list = (scanner: Scanner): Expression | undefined => {
  const items = commaList(scanner)
  return items === undefined || items.length > 1 ? items && { _tag: "List", items } : items[0]
}

/** A value up to the end of its declaration; `undefined` where it is not understood. */
export const readExpression = list
