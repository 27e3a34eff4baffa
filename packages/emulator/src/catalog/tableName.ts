/** How a text becomes the name of a table (platform reference, §6.6). */

const maxLength = 63

const reserved = new Set(
  "all analyse analyze and any array as asc asymmetric authorization both case cast check collate column concurrently constraint create cross current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right select session_user similar some symmetric table then to trailing true union unique user using variadic verbose when where window with".split(
    " "
  )
)

/** Lower case letters, digits and underscores, a letter first; `untitled_table` when nothing is left. */
export const tableName = (text: string): string => {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, "_")
    .replace(/_+/g, "_")
  if (/^_?$/.test(word)) return "untitled_table"
  const name = /^[a-z]/.test(word) ? word : `table_${word}`.replace(/_+/g, "_")
  return reserved.has(name) ? `${name}_t` : name.slice(0, maxLength)
}

/** The first of `name`, `name_1`, `name_2` … that is free. */
export const freeName = (name: string, taken: ReadonlySet<string>): string => {
  let candidate = name
  for (let i = 1; taken.has(candidate); i++) candidate = `${name.slice(0, maxLength - 1 - `${i}`.length)}_${i}`
  return candidate
}
