/** All answer formats by their names. */
import { Csv } from "./Csv.ts"
import type { Format } from "./Format.ts"
import { GeoJson } from "./GeoJson.ts"
import { Json } from "./Json.ts"
import { Gpkg, Kml, Shp, Spatialite } from "./Ogr.ts"
import { Svg } from "./Svg.ts"
import { TopoJson } from "./TopoJson.ts"
import { TypedArrays } from "./TypedArrays.ts"

/** `format=` in lower case. */
export const formats: ReadonlyMap<string, Format> = new Map([
  ["json", Json],
  ["geojson", GeoJson],
  ["topojson", TopoJson],
  ["svg", Svg],
  ["csv", Csv],
  ["arraybuffer", TypedArrays],
  ["shp", Shp],
  ["kml", Kml],
  ["gpkg", Gpkg],
  ["spatialite", Spatialite]
])
