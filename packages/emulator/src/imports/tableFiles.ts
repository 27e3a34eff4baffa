/** Which of the files of an archive are tables, and which only belong to one. */
import { extension, type ImportFile, kindOf } from "./File.ts"
import { isDefinition } from "./MapDefinition.ts"

// The parts of a shapefile besides .shp, and what is often packed with it.
const companions = new Set(["shx", "dbf", "prj", "cpg", "sbn", "sbx", "qix", "qpj", "xml", "pdf", "md", "html"])

/** All that can be imported; a lone file stays, whatever it is, so that it fails by itself. */
export const tableFiles = (files: ReadonlyArray<ImportFile>): ReadonlyArray<ImportFile> => {
  const others = files.filter((file) => !isDefinition(file))
  return others.length === 1
    ? others
    : others.filter(({ name }) => kindOf(name) !== undefined && !companions.has(extension(name)))
}
