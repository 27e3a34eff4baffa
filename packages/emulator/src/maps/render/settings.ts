/** Reads the properties of a symbolizer for a feature. */
import type { Feature } from "../mvt/readFeatures.ts"
import { type Color, rgba } from "./cartocss/Color.ts"
import type { Symbolizer } from "./cartocss/cascade.ts"
import type { Value } from "./cartocss/evaluate.ts"
import { isBlendMode } from "./cartocss/properties.ts"
import type { BlendMode } from "./Pen.ts"

type Properties = Symbolizer["properties"]

const black = rgba(0, 0, 0)

/** What a value is for a feature: a number, a text, or nothing. */
const evaluated = (value: Value, feature: Feature | undefined): number | string | boolean | null => {
  switch (value._tag) {
    case "Number":
      return value.unit === "%" ? value.value / 100 : value.value
    case "Text":
      return value.text
    case "Word":
      return value.word
    case "Field":
      return feature?.properties[value.column] ?? null
    case "Sum": {
      const [left, right] = [evaluated(value.left, feature), evaluated(value.right, feature)]
      if (typeof left === "number" && typeof right === "number") {
        const results = {
          "+": left + right,
          "-": left - right,
          "*": left * right,
          "/": left / right,
          "%": left % right
        }
        return results[value.operator]
      }
      return value.operator === "+" ? `${left ?? ""}${right ?? ""}` : null
    }
    default:
      return null
  }
}

/** A number; `fallback` where it is not told or the feature has none. */
export const number = (properties: Properties, name: string, fallback: number, feature?: Feature): number => {
  const value = properties.get(name)
  const read = value === undefined ? null : evaluated(value, feature)
  return typeof read === "number" && Number.isFinite(read) ? read : fallback
}

export const numbers = (properties: Properties, name: string, feature: Feature): ReadonlyArray<number> => {
  const value = properties.get(name)
  const items = value === undefined ? [] : value._tag === "List" ? value.items : [value]
  return items.map((item) => Number(evaluated(item, feature)))
}

export const color = (properties: Properties, name: string, fallback: Color = black): Color => {
  const value = properties.get(name)
  return value?._tag === "Color" ? value.color : fallback
}

/** A word or quoted word. */
export const word = (properties: Properties, name: string): string | undefined => {
  const value = properties.get(name)
  return value?._tag === "Word" ? value.word : value?._tag === "Text" ? value.text : undefined
}

export const flag = (properties: Properties, name: string): boolean => word(properties, name) === "true"

/** Text of a feature, empty for a value that is null. */
export const text = (properties: Properties, name: string, feature: Feature): string => {
  const value = properties.get(name)
  return value === undefined ? "" : String(evaluated(value, feature) ?? "")
}

export const blendMode = (properties: Properties, name: string): BlendMode => {
  const told = word(properties, name)
  return told !== undefined && isBlendMode(told) ? told : "src-over"
}
