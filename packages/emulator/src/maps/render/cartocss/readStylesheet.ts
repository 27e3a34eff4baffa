/** Reads a style, and finds out what of it is wrong and what is not drawn. */
import * as Result from "effect/Result"
import { readExpression } from "./Expression.ts"
import { evaluate, type Scope, show, type Value } from "./evaluate.ts"
import { fields, isNothing, isOfKind, tags, units } from "./kinds.ts"
import { geometryColumn } from "./matches.ts"
import { type Block, parse, type RawDeclaration, type RawFilter, type Selector } from "./parse.ts"
import { drawn, isBlendMode, treatment, undrawnWords } from "./properties.ts"
import { ramp } from "./ramp.ts"
import { Scanner } from "./Scanner.ts"
import { type Place, StyleFault } from "./StyleFault.ts"
import type { Declaration, Filter, Rule, Stylesheet } from "./Stylesheet.ts"

/** What a quoted text says as an expression of its own: `"[name] + ' (' + [code] + ')'"`. */
const quotedExpression = (value: Value, scope: Scope): Value => {
  if (value._tag !== "Text") return value
  const scanner = new Scanner("", value.text)
  const read = readExpression(scanner)
  const isPlain = read === undefined || !scanner.isAtEnd || read._tag === "Word" || read._tag === "List"
  return isPlain || read._tag === "Color" ? value : evaluate(read, scope)
}

/** A declaration, and a filter of its own besides those of its rule. */
interface Styled {
  readonly declaration: Declaration
  readonly filter: Filter | undefined
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

  /** The declarations of a property with the filters that it adds itself, by `ramp`. */
  private declarations = ({ name, place, value: written }: RawDeclaration): ReadonlyArray<Styled> => {
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
    const buckets = value._tag === "Call" && value.name === "ramp" ? ramp(value.arguments) : undefined
    return (buckets ?? [{ value, filter: undefined }]).map((bucket) => {
      this.check(property, bucket.value, place)
      return { filter: bucket.filter, declaration: { instance, property, value: bucket.value, place } }
    })
  }

  private check(property: string, value: Value, place: Place): void {
    const { [property]: kind = "any" } = drawn
    if (!isOfKind(value, kind)) {
      const expected = typeof kind === "string" ? kind : `keyword (options: ${kind.join(", ")})`
      const given = `${show(value)} (of type ${tags[value._tag]})`
      this.fail(`Invalid value for ${property}, the type ${expected} is expected. ${given} was given.`, place)
    }
    this.note(property, value)
    for (const column of fields(value)) this.columns.add(column)
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

  private push(selector: Selector, filters: ReadonlyArray<Filter>, styled: ReadonlyArray<Styled>): void {
    for (const { key } of filters) if (key !== "zoom" && key.column !== geometryColumn) this.columns.add(key.column)
    this.rules.push({
      attachment: selector.attachment ?? "",
      filters,
      specificity: [selector.ids, selector.classes, filters.length],
      declarations: styled.flatMap(({ declaration, filter }) => (filter === undefined ? [declaration] : []))
    })
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
      const filters = selector.filters.map(this.filter)
      const styled = block.declarations.flatMap(this.declarations)
      this.push(selector, filters, styled)
      for (const { declaration, filter } of styled) {
        if (filter !== undefined) this.push(selector, [...filters, filter], [{ declaration, filter: undefined }])
      }
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
