/** Which column of a delimited text becomes the geometry (platform reference, §6.6). */

/** In the order in which the server looks for them. */
const geometryNames = ["the_geom", "geom", "geometry", "wkb_geometry", "geojson", "wkt"]

const wkt = /^(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION|CURVE|SURFACE)\b/i
const wkb = /^0[01]([\dA-F]{2})+$/i

const looksLikeGeometry = (text: string): boolean => wkt.test(text) || wkb.test(text) || text.startsWith("{")

/** Looks at the values of the one column that may be the geometry; there is none without such a name. */
export const watchGeometry = (names: ReadonlyArray<string>) => {
  const plain = names.map((name) => name.trim().toLowerCase())
  const index = geometryNames.map((name) => plain.indexOf(name)).find((found) => found >= 0) ?? -1
  let isGeometry = true
  return {
    see: (row: ReadonlyArray<string>): void => {
      const text = row[index]?.trim() ?? ""
      isGeometry &&= text === "" || looksLikeGeometry(text)
    },
    /** The names as the server takes them: a `the_geom` that holds no geometries steps aside. */
    wanted: (): ReadonlyArray<string> =>
      plain.map((name, i) => {
        if (i === index && isGeometry) return "the_geom"
        return name === "the_geom" ? "invalid_the_geom" : (names[i] ?? "")
      })
  }
}
