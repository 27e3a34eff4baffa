/** The names of formats. Without the code that writes them, so that `--help` need not load it. */

/** Rows printed by the command. */
export const rowFormats = ["table", "json", "ndjson", "csv"] as const
export type RowFormat = (typeof rowFormats)[number]

/** Files made by the server. */
export const fileFormats = ["geojson", "topojson", "svg", "kml", "shp", "gpkg", "spatialite"] as const
export type FileFormat = (typeof fileFormats)[number]

export const formats = [...rowFormats, ...fileFormats] as const
export type Format = (typeof formats)[number]

export const isRowFormat = (format: Format): format is RowFormat => rowFormats.some((name) => name === format)

/** Not for a terminal. */
export const isBinary = (format: Format): boolean => format === "shp" || format === "gpkg" || format === "spatialite"

const byExtension: Readonly<Record<string, Format>> = {
  json: "json",
  ndjson: "ndjson",
  jsonl: "ndjson",
  csv: "csv",
  txt: "table",
  geojson: "geojson",
  topojson: "topojson",
  svg: "svg",
  kml: "kml",
  zip: "shp",
  gpkg: "gpkg",
  sqlite: "spatialite"
}

/** The extensions of files in one of these formats. */
export const extensionsOf = (formats: ReadonlyArray<Format>): ReadonlyArray<string> =>
  Object.entries(byExtension).flatMap(([extension, format]) => (formats.includes(format) ? [`.${extension}`] : []))

/** What a file's name ends in, behind the dot; digits alone are no extension. */
export const extensionOf = (file: string): string | undefined =>
  /[^./\\]\.([a-z][a-z0-9]*)$/i.exec(file)?.[1]?.toLowerCase()

/** The format that a file's name promises. */
export const formatOf = (file: string): Format | undefined => {
  const extension = extensionOf(file)
  return extension === undefined || !Object.hasOwn(byExtension, extension) ? undefined : byExtension[extension]
}
