/** Reads a style, and finds out what of it is wrong and what is not drawn. */
import * as Result from "effect/Result"
import { readExpression } from "./Expression.ts"
import { evaluate, type Scope, show, type Value } from "./evaluate.ts"
import { geometryColumn } from "./matches.ts"
import { type Block, parse, type RawDeclaration, type RawFilter, type Selector } from "./parse.ts"
import { drawn, isBlendMode, type Kind, treatment, undrawnWords } from "./properties.ts"
import { Scanner } from "./Scanner.ts"
import { type Place, StyleFault } from "./StyleFault.ts"
import type { Declaration, Filter, Rule, Stylesheet } from "./Stylesheet.ts"

/** How faults name a value's kind. */
const tags: Readonly<Record<Value["_tag"], string>> = {
  Number: "float",
  Color: "color",
  Text: "string",
  Word: "keyword",
  Field: "field",
  Call: "call",
  Sum: "expression",
  List: "value"
}

const isNumeric = (value: Value): boolean =>
  value._tag === "Number" ||
  value._tag === "Field" ||
  (value._tag === "Sum" && isNumeric(value.left) && isNumeric(value.right))

const isOfKind = (value: Value, kind: Kind): boolean => {
  // Functions that are not known are told as what is not drawn.
  if (value._tag === "Call" || kind === "any") return true
  if (kind === "float") return isNumeric(value)
  if (kind === "color") return value._tag === "Color"
  if (kind === "boolean") return value._tag === "Word" && (value.word === "true" || value.word === "false")
  if (kind === "expression") return value._tag !== "List" && value._tag !== "Color"
  if (kind === "numbers") return value._tag === "List" ? value.items.every(isNumeric) : value._tag === "Number"
  // The name of a colour is the name of an operation, too.
  const word = value._tag === "Word" ? value.word : value._tag === "Text" ? value.text : undefined
  return word !== undefined && kind.includes(word)
}

const units = new Set(["", "px", "%"])

const fields = (value: Value): ReadonlyArray<string> =>
  value._tag === "Field"
    ? [value.column]
    : value._tag === "Sum"
      ? [...fields(value.left), ...fields(value.right)]
      : value._tag === "List"
        ? value.items.flatMap(fields)
        : []

const isNothing = (value: Value): boolean =>
  (value._tag === "Number" && value.value === 0) || (value._tag === "Word" && value.word === "none")

/** What a quoted text says as an expression of its own: `"[name] + ' (' + [code] + ')'"`. */
const quotedExpression = (value: Value, scope: Scope): Value => {
  if (value._tag !== "Text") return value
  const scanner = new Scanner("", value.text)
  const read = readExpression(scanner)
  const isPlain = read === undefined || !scanner.isAtEnd || read._tag === "Word" || read._tag === "List"
  return isPlain || read._tag === "Color" ? value : evaluate(read, scope)
}

class Reader {
  private readonly scanner: Scanner
  private readonly rules: Array<Rule> = []
  private readonly undrawn = new Set<string>()
  private readonly columns = new Set<string>()
  private background: Stylesheet["background"]

  constructor(scanner: Scanner) {
    this.scanner = scanner
  }

  private scope: Scope = {
    variables: new Map(),
    fail: (message, place) => {
      throw this.scanner.fault(message, place)
    }
  }

  private fail(message: string, place: Place): never {
    return this.scope.fail(message, place)
  }

  private filter = ({ comparison, key, place, value }: RawFilter): Filter => {
    const read = evaluate(value, this.scope)
    if (key !== "zoom" && key.column !== geometryColumn) this.columns.add(key.column)
    if (key === "zoom" && read._tag !== "Number") {
      return this.fail(`Only zoom levels may be used as filters on zoom, ${show(read)} was given.`, place)
    }
    switch (read._tag) {
      case "Number":
        return { key, comparison, value: read.value }
      case "Text":
        if (comparison === "=~" && Result.isFailure(Result.try(() => new RegExp(read.text)))) {
          return this.fail(`Invalid regular expression ${read.text}`, place)
        }
        return { key, comparison, value: read.text }
      case "Word": {
        const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null }
        const { [read.word]: known = read.word } = words
        return { key, comparison, value: known }
      }
      default:
        if (read._tag === "Color" && read.word !== undefined) return { key, comparison, value: read.word }
        return this.fail(`Cannot use operation ${comparison} with value ${show(read)}`, place)
    }
  }

  private declaration = ({ name, place, value: written }: RawDeclaration): ReadonlyArray<Declaration> => {
    const [property = "", instance = ""] = name.split("/").toReversed()
    const { [property]: kind = "any" } = drawn
    const evaluated = evaluate(written, this.scope)
    const value = kind === "expression" ? quotedExpression(evaluated, this.scope) : evaluated
    const how = treatment(property)
    if (how === undefined) return this.fail(`Unrecognized rule: ${property}`, place)
    if (how === "ignored") return []
    if (how === "undrawn") {
      if (!isNothing(value)) this.undrawn.add(property)
      return []
    }
    if (!isOfKind(value, kind)) {
      const expected = typeof kind === "string" ? kind : `keyword (options: ${kind.join(", ")})`
      const given = `${show(value)} (of type ${tags[value._tag]})`
      return this.fail(`Invalid value for ${property}, the type ${expected} is expected. ${given} was given.`, place)
    }
    this.note(property, value)
    for (const column of fields(value)) this.columns.add(column)
    return [{ instance, property, value, place }]
  }

  private note(property: string, value: Value): void {
    if (value._tag === "Call") this.undrawn.add(`${property}: ${value.name}()`)
    if (value._tag === "Number" && !units.has(value.unit)) this.undrawn.add(`${property}: ${show(value)}`)
    if (value._tag !== "Word") return
    const isOther = property.endsWith("comp-op") && !isBlendMode(value.word)
    if (isOther || undrawnWords[property]?.includes(value.word)) this.undrawn.add(`${property}: ${value.word}`)
  }

  private map({ declarations }: Block): void {
    for (const { name, value } of declarations) {
      const read = evaluate(value, this.scope)
      if (name === "background-color" && read._tag === "Color") this.background = read.color
      else if (name.startsWith("background-image") || name === "base") this.undrawn.add(name)
    }
  }

  private block(block: Block, outer: Selector): void {
    for (const own of block.selectors) {
      if (own.isMap) {
        this.map(block)
        continue
      }
      const selector: Selector = {
        isMap: false,
        ids: outer.ids + own.ids,
        classes: outer.classes + own.classes,
        attachment: own.attachment === undefined ? outer.attachment : `${outer.attachment ?? ""}/${own.attachment}`,
        filters: [...outer.filters, ...own.filters]
      }
      this.rules.push({
        attachment: selector.attachment ?? "",
        filters: selector.filters.map(this.filter),
        specificity: [selector.ids, selector.classes, selector.filters.length],
        declarations: block.declarations.flatMap(this.declaration)
      })
      for (const inner of block.blocks) this.block(inner, selector)
    }
  }

  read(): Stylesheet {
    const { blocks, variables } = parse(this.scanner)
    this.scope = { ...this.scope, variables }
    const none: Selector = { isMap: false, ids: 0, classes: 0, attachment: undefined, filters: [] }
    for (const block of blocks) this.block(block, none)
    return { background: this.background, rules: this.rules, columns: this.columns, undrawn: [...this.undrawn] }
  }
}

/** `name` is how faults call the style: the servers count from `style0`. */
export const readStylesheet = (text: string, name: string): Result.Result<Stylesheet, StyleFault> =>
  Result.try({
    try: () => new Reader(new Scanner(name, text)).read(),
    catch: (error) => {
      if (error instanceof StyleFault) return error
      throw error
    }
  })
