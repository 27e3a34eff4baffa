/** A file to import: its name says what it is, its path where it lies. */

/** A file on this machine under the name it was sent with. */
export interface ImportFile {
  readonly name: string
  readonly path: string
}

/** How a file is read. */
export type Kind = "csv" | "geojson" | "ogr" | "spreadsheet"

const kinds: Readonly<Record<string, Kind>> = {
  csv: "csv",
  tsv: "csv",
  txt: "csv",
  tab: "csv",
  json: "geojson",
  js: "geojson",
  geojson: "geojson",
  shp: "ogr",
  kml: "ogr",
  gpx: "ogr",
  gpkg: "ogr",
  xls: "spreadsheet",
  xlsx: "spreadsheet",
  ods: "spreadsheet"
}

/** Containers of other files. */
export type Container = "zip" | "gz" | "tar" | "tgz"

/** A name without folders. */
export const baseName = (name: string): string => name.split(/[/\\]/).at(-1) ?? ""

/** In lower case, without the dot; empty where there is none. */
export const extension = (name: string): string => /\.([^.]*)$/.exec(baseName(name))?.[1]?.toLowerCase() ?? ""

/** A name without folders and extension, and without that of what lies inside of a `.gz`. */
export const stem = (name: string): string =>
  baseName(name)
    .replace(/\.gz$/i, "")
    .replace(/\.[^.]+$/, "")

/** None for what is not supported. */
export const kindOf = (name: string): Kind | undefined => kinds[extension(name)]

export const containerOf = (name: string): Container | undefined => {
  if (/\.(?:tgz|tar\.gz)$/i.test(name)) return "tgz"
  switch (extension(name)) {
    case "zip":
    case "kmz":
    // An exported map.
    case "carto":
      return "zip"
    case "gz":
      return "gz"
    case "tar":
      return "tar"
    default:
      return undefined
  }
}
