/** What expressions come to: variables replaced, functions of colours and sums computed. */
import { adjustments, type Color, hsla, mix, rgba } from "./Color.ts"
import type { Expression, Literal, Operator } from "./Expression.ts"
import type { Place } from "./StyleFault.ts"

/** A value without variables. What is not computed here is told by its name, so that whoever draws it can refuse it. */
export type Value =
  | Literal
  | { readonly _tag: "Call"; readonly name: string; readonly arguments: ReadonlyArray<Value> }
  | { readonly _tag: "Sum"; readonly operator: Operator; readonly left: Value; readonly right: Value }
  | { readonly _tag: "List"; readonly items: ReadonlyArray<Value> }

/** The variables of a style, and what to do about what is wrong. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Expression>
  readonly fail: (message: string, place: Place) => never
}

/** As faults tell it. */
export const show = (value: Value): string => {
  switch (value._tag) {
    case "Number":
      return `${value.value}${value.unit}`
    case "Color": {
      const { alpha, blue, green, red } = value.color
      const hex = [red, green, blue].map((byte) => byte.toString(16).padStart(2, "0")).join("")
      return alpha === 1 ? `#${hex}` : `rgba(${red}, ${green}, ${blue}, ${alpha})`
    }
    case "Text":
      return value.text
    case "Word":
      return value.word
    case "Field":
      return `[${value.column}]`
    case "Call":
      return `${value.name}()`
    case "Sum":
      return `${show(value.left)}${value.operator}${show(value.right)}`
    case "List":
      return value.items.map(show).join(", ")
  }
}

const compute: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b
}

const computeColor = (operator: Operator, a: Color, b: Color): Color => {
  const by = compute[operator]
  return rgba(by(a.red, b.red), by(a.green, b.green), by(a.blue, b.blue), a.alpha)
}

const grey = (value: number): Color => rgba(value, value, value)

const operation = (operator: Operator, left: Value, right: Value): Value => {
  if (left._tag === "Number" && right._tag === "Number") {
    const unit = left.unit === "" ? right.unit : left.unit
    return { _tag: "Number", value: compute[operator](left.value, right.value), unit }
  }
  if (left._tag === "Color" && right._tag === "Color") {
    return { _tag: "Color", color: computeColor(operator, left.color, right.color) }
  }
  if (left._tag === "Color" && right._tag === "Number") {
    return { _tag: "Color", color: computeColor(operator, left.color, grey(right.value)) }
  }
  return { _tag: "Sum", operator, left, right }
}

const part = (value: Value | undefined, whole: number): number | undefined =>
  value?._tag !== "Number" ? undefined : value.unit === "%" ? (value.value / 100) * whole : value.value

const color = (name: string, values: ReadonlyArray<Value>): Color | undefined => {
  const [first, second, third, fourth] = values
  const alpha = fourth === undefined ? 1 : part(fourth, 1)
  if (alpha === undefined) return undefined
  if (name === "rgb" || name === "rgba") {
    const [red, green, blue] = [part(first, 255), part(second, 255), part(third, 255)]
    return red === undefined || green === undefined || blue === undefined ? undefined : rgba(red, green, blue, alpha)
  }
  if (name === "hsl" || name === "hsla") {
    const [hue, saturation, lightness] = [part(first, 360), part(second, 1), part(third, 1)]
    return hue === undefined || saturation === undefined || lightness === undefined
      ? undefined
      : hsla(hue, saturation, lightness, alpha)
  }
  if (first?._tag !== "Color") return undefined
  if (name === "mix") {
    const weight = third === undefined ? 0.5 : part(third, 1)
    return second?._tag === "Color" && weight !== undefined ? mix(first.color, second.color, weight) : undefined
  }
  const amount = second === undefined ? 0 : part(second, 1)
  return amount === undefined ? undefined : adjustments[name]?.(first.color, amount)
}

const colorFunctions = new Set(["rgb", "rgba", "hsl", "hsla", "mix", ...Object.keys(adjustments)])

/** Fails for variables that are not there and functions of colours that get something else. */
export const evaluate = (expression: Expression, scope: Scope, depth = 0): Value => {
  const inner = (one: Expression) => evaluate(one, scope, depth + 1)
  switch (expression._tag) {
    case "Variable": {
      const known = scope.variables.get(expression.name)
      // Variables that name each other would never end.
      if (known === undefined || depth > 100) {
        return scope.fail(`variable @${expression.name} is undefined`, expression.place)
      }
      return inner(known)
    }
    case "Call": {
      const { arguments: given, name, place } = expression
      if (!colorFunctions.has(name)) return { _tag: "Call", name, arguments: given.map(inner) }
      const read = color(name, given.map(inner))
      return read === undefined
        ? scope.fail(`incorrect arguments given to ${name}()`, place)
        : { _tag: "Color", color: read }
    }
    case "Operation":
      return operation(expression.operator, inner(expression.left), inner(expression.right))
    case "List":
      return { _tag: "List", items: expression.items.map(inner) }
    default:
      return expression
  }
}
