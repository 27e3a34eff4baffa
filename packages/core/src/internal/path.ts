/** Paths in which every value is one segment, whatever is in it: an id must not walk to another endpoint. */

/** `` path`/api/v2/sql/job/${id}` `` */
export const path = (strings: TemplateStringsArray, ...segments: ReadonlyArray<string>): string =>
  strings.reduce((all, string, i) => `${all}${segment(segments[i - 1] ?? "")}${string}`)

/**
 * URL parsers take `.` and `..` as steps even in their encoded forms, so that no spelling sends them as they are.
 * Encoded twice they name something that does not exist, instead of something else. So does a blank, in place of no name
 * at all, which would mean the whole collection.
 */
const segment = (value: string): string => {
  if (value === "") return "%20"
  return value === "." || value === ".." ? value.replaceAll(".", "%252E") : encodeURIComponent(value.toWellFormed())
}
