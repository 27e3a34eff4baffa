/** Numbers, times and values as people read them. */

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 })
const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 2 })

/** Not finite numbers come as text. */
export const number = (value) =>
  typeof value !== "number"
    ? String(value ?? "–")
    : Math.abs(value) >= 1e7
      ? compact.format(value)
      : plain.format(value)

/** Exact as long as that is short. */
export const short = (value) =>
  typeof value !== "number"
    ? String(value ?? "–")
    : Math.abs(value) >= 1e6
      ? compact.format(value)
      : plain.format(value)

/** Seconds since 1970, as precise as the unit of the bins. */
export const time = (seconds, unit) => {
  const iso = new Date(seconds * 1000).toISOString()
  if (/^(year|decade|century|millennium)$/.test(unit)) return iso.slice(0, 4)
  if (/^(month|quarter)$/.test(unit)) return iso.slice(0, 7)
  return /^(day|week)$/.test(unit) ? iso.slice(0, 10) : iso.slice(0, 16).replace("T", " ")
}

export const value = (value) => {
  if (value === null || value === undefined) return "–"
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : plain.format(value)
  return typeof value === "object" ? JSON.stringify(value) : String(value)
}

/** What to call a feature. */
export const label = (properties) => {
  const named = ["name", "title", "label", "nom", "nombre"].find((key) => typeof properties[key] === "string")
  if (named) return properties[named]
  const text = Object.entries(properties).find(([, value]) => typeof value === "string" && value !== "")
  return text ? text[1] : properties.cartodb_id === undefined ? "feature" : `#${properties.cartodb_id}`
}
