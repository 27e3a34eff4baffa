/**
 * The names that imports give to datasets and columns (platform reference, §6.6): known before anything is sent, so that
 * later queries can use them. The numbers that set a dataset apart from those that exist are the server's to choose.
 */

/** PostgreSQL's longest name, in bytes; none of these has others than ASCII. */
const maxLength = 63

const reserved = new Set(
  "all analyse analyze and any array as asc asymmetric authorization both case cast check collate column concurrently constraint create cross current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right select session_user similar some symmetric table then to trailing true union unique user using variadic verbose when where window with".split(
    " "
  )
)

/** PostgreSQL's own columns, which no table can have again. */
const systemColumns = new Set(["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"])

const squeeze = (text: string): string => text.replace(/_+/g, "_").slice(0, maxLength)

const word = (text: string): string =>
  squeeze(
    text
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9_]/g, "_")
  )

/** Lower case, a letter first; `untitled_table` when nothing is left. A file's extensions do not belong to its name. */
export const tableName = (text: string): string => {
  const plain = word(text)
  if (/^_*$/.test(plain)) return "untitled_table"
  const name = /^[a-z]/.test(plain) ? plain : squeeze(`table_${plain}`)
  return reserved.has(name) ? `${name}_t` : name
}

/** What columns become, in their order. Two that would be the same get numbers. */
export const columnNames = (names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const taken = new Set<string>()
  for (const [position, name] of names.entries()) taken.add(free(columnName(name, position), taken))
  return [...taken]
}

const columnName = (text: string, position: number): string => {
  const name = word(text)
  if (/^_*$/.test(name)) return `field_${position + 1}`
  return /^[a-z_]/.test(name) && !reserved.has(name) && !systemColumns.has(name) ? name : squeeze(`_${name}`)
}

const free = (name: string, taken: ReadonlySet<string>): string => {
  let candidate = name
  for (let number = 1; taken.has(candidate); number++) {
    const suffix = `_${number}`
    candidate = `${name.slice(0, maxLength - suffix.length)}${suffix}`
  }
  return candidate
}
