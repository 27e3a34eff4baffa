/** The names that CARTO gives to columns: as to tables, but with the prefix `_` (platform reference, §6.6). */

/** PostgreSQL's longest name. */
const maxLength = 63

// PostgreSQL's own columns, which no table can have again.
const systemColumns: ReadonlySet<string> = new Set(["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"])

const squeezed = (name: string): string => name.replace(/_+/g, "_").slice(0, maxLength)

const columnName = (wanted: string, reserved: ReadonlySet<string>, position: number): string => {
  const name = squeezed(
    wanted
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9_]/g, "_")
  )
  if (/^_?$/.test(name)) return `field_${position + 1}`
  const isFree = /^[a-z_]/.test(name) && !reserved.has(name) && !systemColumns.has(name)
  return isFree ? name : squeezed(`_${name}`)
}

/** The first of `name`, `name_1`, `name_2`, … that is free. */
const unused = (name: string, taken: ReadonlySet<string>): string => {
  let candidate = name
  for (let number = 1; taken.has(candidate); number++) {
    const suffix = `_${number}`
    candidate = name.slice(0, maxLength - suffix.length) + suffix
  }
  return candidate
}

/** The names of a table's columns, all different. @param reserved PostgreSQL's reserved words @param own those the table has already */
export const columnNames = (
  wanted: ReadonlyArray<string>,
  reserved: ReadonlySet<string>,
  own: ReadonlyArray<string> = []
): ReadonlyArray<string> => {
  const names = new Set(own)
  wanted.forEach((one, position) => {
    names.add(unused(columnName(one, reserved, position), names))
  })
  return [...names].slice(own.length)
}
