/** Reads a style from its beginning to its end, over white space and comments. */
import { type Place, styleFault } from "./StyleFault.ts"

const silent = /(?:\s+|\/\*[\s\S]*?\*\/|\/\/[^\n]*)*/y

export class Scanner {
  private readonly name: string
  private readonly text: string
  private position = 0

  /** `name` is how faults call the style. */
  constructor(name: string, text: string) {
    this.name = name
    this.text = text
    this.skip()
  }

  get place(): Place {
    return this.position
  }

  get isAtEnd(): boolean {
    return this.position >= this.text.length
  }

  /** Whether white space stands right before. */
  get isAfterSpace(): boolean {
    return /\s/.test(this.text[this.position - 1] ?? "")
  }

  private skip(): void {
    silent.lastIndex = this.position
    this.position += silent.exec(this.text)?.[0].length ?? 0
  }

  /** What a sticky pattern finds here, with its groups; then what is silent is skipped. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position
    const found = pattern.exec(this.text)
    if (found === null) return undefined
    this.position += found[0].length
    this.skip()
    return found
  }

  /** One word of punctuation. */
  takeText(text: string): boolean {
    if (!this.text.startsWith(text, this.position)) return false
    this.position += text.length
    this.skip()
    return true
  }

  startsWith(pattern: RegExp): boolean {
    pattern.lastIndex = this.position
    return pattern.test(this.text)
  }

  back(place: Place): void {
    this.position = place
  }

  fault(message: string, place: Place = this.position) {
    return styleFault(this.name, this.text, place, message)
  }

  /** The rest of a line or declaration, as CARTO tells what it does not understand. */
  invalid(place: Place) {
    const rest = /[^;\n}]*[;\n]?/y
    rest.lastIndex = place
    return this.fault(`Invalid code: ${rest.exec(this.text)?.[0] ?? ""}`, place)
  }

  /** Of a block that does not end. */
  unclosed() {
    return this.fault("missing closing `}`", this.text.length)
  }
}
