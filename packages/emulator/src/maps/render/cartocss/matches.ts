/** Whether a feature passes a filter. */
import type { Feature, Value } from "../../mvt/readFeatures.ts"
import type { Comparison, Filter } from "./Stylesheet.ts"

const ordered: Readonly<Partial<Record<Comparison, (a: number | string, b: number | string) => boolean>>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b
}

/** What stands for the kind of a feature's geometry in filters: 1 point, 2 line, 3 polygon. */
export const geometryColumn = "mapnik::geometry_type"

const passes = (comparison: Comparison, value: Value, other: Filter["value"]): boolean => {
  if (comparison === "=") return value === other
  if (comparison === "!=") return value !== other
  if (comparison === "=~") return typeof value === "string" && new RegExp(`^(?:${String(other)})$`).test(value)
  const isSame = typeof value === typeof other
  if (!isSame || (typeof value !== "number" && typeof value !== "string")) return false
  return typeof other === "number" || typeof other === "string" ? (ordered[comparison]?.(value, other) ?? false) : false
}

/** Values of different types are unequal, and neither is less than the other. */
export const matches = ({ comparison, key, value }: Filter, { properties, shape }: Feature): boolean => {
  if (key === "zoom") return true
  const own = key.column === geometryColumn ? shape.kind : (properties[key.column] ?? null)
  return passes(comparison, own, value)
}

/** Whether a filter, if it is one on the zoom, lets a zoom pass. */
export const matchesZoom = ({ comparison, key, value }: Filter, zoom: number): boolean =>
  key !== "zoom" || passes(comparison, zoom, value)
