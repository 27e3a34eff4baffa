/** A `.carto` file: a zip of the map's definition and of each dataset as GeoPackage, which the Import API takes back. */
import * as Effect from "effect/Effect"
import * as Zip from "effect/encoding/Zip"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"
import { Database } from "../../Database.ts"
import type { FormatOptions } from "../../formats/Format.ts"
import { Gpkg } from "../../formats/Ogr.ts"
import { readTypeCatalog } from "../../formats/TypeCatalog.ts"
import { quoteIdentifier } from "../../SqlText.ts"
import type { Visualization } from "../Visualization.ts"
import type { Export } from "./Export.ts"

/** The version of the definition, not of the server. */
const version = "2.1.3"

const layer = (dataset: Visualization, order: number) => ({
  kind: "carto",
  order,
  options: {
    table_name: dataset.name,
    query: `select * from ${quoteIdentifier(dataset.name)}`,
    visible: true
  },
  infowindow: null,
  tooltip: null
})

/** What `{id}.carto.json` holds. */
const definition = ({ datasets, map }: Export) => ({
  version,
  visualization: {
    id: map.id,
    name: map.name,
    display_name: map.display_name,
    description: map.description,
    version: map.version,
    type: map.type,
    tags: map.tags,
    privacy: map.privacy.toLowerCase(),
    source: map.source,
    license: map.license,
    title: map.title,
    kind: map.kind,
    attributions: map.attributions,
    transition_options: map.transition_options,
    layers: datasets.map(layer),
    overlays: [],
    analyses: []
  }
})

const nameOf = (dataset: Visualization): string => `${dataset.name}.gpkg`

/** Writes each dataset to a file of its own in a folder. Fails with 501 where GDAL is not installed. */
export const writeDatasets = Effect.fnUntraced(function* ({ datasets }: Export, folder: string) {
  const database = yield* Database
  const fileSystem = yield* FileSystem.FileSystem
  const catalog = yield* readTypeCatalog
  for (const dataset of datasets) {
    const options: FormatOptions = {
      catalog,
      skip: new Set(["the_geom_webmercator"]),
      dp: 15,
      filename: dataset.name,
      elapsed: () => 0
    }
    const rows = database.run(
      Gpkg.statement(`select * from ${quoteIdentifier(dataset.schema)}.${quoteIdentifier(dataset.name)}`, options)
    )
    yield* Stream.run(Gpkg.encode(rows, options), fileSystem.sink(`${folder}/${nameOf(dataset)}`))
  }
})

/** Puts the definition and the datasets' files of a folder into one archive. */
export const writeArchive = Effect.fnUntraced(function* (one: Export, folder: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const document = Zip.file(`${one.map.id}.carto.json`, JSON.stringify(definition(one)))
  const files = one.datasets.map((dataset) =>
    Zip.fileStream(nameOf(dataset), fileSystem.stream(`${folder}/${nameOf(dataset)}`))
  )
  yield* Stream.make(document).pipe(
    Stream.concat(Stream.fromIterable(files)),
    Stream.pipeThroughChannel(Zip.encode()),
    Stream.run(fileSystem.sink(one.path))
  )
})
