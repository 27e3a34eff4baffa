/** Exact decimals as text. */

/** The digits of a finite number without an exponent, as PostgreSQL writes a numeric. */
export const plainDecimal = (value: number): string => {
  const text = String(value)
  const m = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (m === null) return text
  const digits = `${m[2]}${m[3] ?? ""}`
  const exponent = Number(m[4])
  return exponent < 0 ? `${m[1]}0.${"0".repeat(-exponent - 1)}${digits}` : `${m[1]}${digits.padEnd(exponent + 1, "0")}`
}

/** How many digits a number needs; a double carries fifteen of any decimal. */
export const significantDigits = (value: number): number =>
  String(value)
    .replace(/e.*$/, "")
    .replace(/[-.]/g, "")
    .replace(/^0+/, "")
    .replace(/^(\d*?)0+$/, "$1").length

/** PostgreSQL's binary numeric: groups of four decimal digits, a weight, a sign and a scale. */
export const numericFromBinary = (view: DataView, offset: number): string => {
  const groups = view.getInt16(offset)
  const weight = view.getInt16(offset + 2)
  const sign = view.getUint16(offset + 4)
  const scale = view.getInt16(offset + 6)
  if (sign === 0xc000) return "NaN"
  if (sign === 0xd000) return "Infinity"
  if (sign === 0xf000) return "-Infinity"
  const group = (i: number): string =>
    i >= 0 && i < groups
      ? view
          .getUint16(offset + 8 + 2 * i)
          .toString()
          .padStart(4, "0")
      : "0000"
  let whole = ""
  for (let i = 0; i <= weight; i++) whole += group(i)
  let fraction = ""
  for (let i = weight + 1; fraction.length < scale; i++) fraction += group(i)
  const integer = whole.replace(/^0+/, "")
  return `${sign === 0x4000 ? "-" : ""}${integer === "" ? "0" : integer}${scale > 0 ? `.${fraction.slice(0, scale)}` : ""}`
}
