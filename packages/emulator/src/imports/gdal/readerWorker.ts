/** A thread that writes the layers of one file as text and ends: GDAL's memory only ever grows. */
import { parentPort, workerData } from "node:worker_threads"
import init from "gdal3.js/node.js"

/** What the thread is asked for. */
export interface ReaderTask {
  /** GDAL's own files, relative to the working directory. */
  readonly folder: string
  readonly input: string
  /** Where the texts go: a folder that is there and empty. */
  readonly output: string
  /** `dump` is SQL with COPY, in degrees and two dimensions; `csv` has the first layer only, without geometry. */
  readonly as: "dump" | "csv"
}

/** A layer that has something in it. */
export interface LayerFile {
  readonly name: string
  readonly path: string
}

const { as, folder, input, output }: ReaderTask = workerData
const complaints: Array<string> = []
const gdal = await init({
  path: folder,
  dest: output,
  useWorker: false,
  // A spreadsheet's first row has the names, whatever else GDAL may think of it.
  env: { OGR_XLSX_HEADERS: "FORCE", OGR_ODS_HEADERS: "FORCE", OGR_XLS_HEADERS: "FORCE" },
  logHandler: () => {},
  errorHandler: (message) => complaints.push(message)
})
const { datasets } = await gdal.open(input)
const [dataset] = datasets
if (dataset === undefined) throw new Error(complaints.join("\n"))
const { layers } = await gdal.getInfo(dataset)

const dumpOptions = [
  ...["-f", "PGDUMP", "-nln", "layer", "-nlt", "GEOMETRY", "-dim", "XY", "--config", "PG_USE_COPY", "YES"],
  ...["GEOMETRY_NAME=the_geom", "SPATIAL_INDEX=NONE", "LAUNDER=NO", "PRECISION=NO"].flatMap((option) => [
    "-lco",
    option
  ])
]

const write = async (name: string, file: string): Promise<string> => {
  if (as === "csv") return (await gdal.ogr2ogr(dataset, ["-f", "CSV", name], file)).real
  try {
    return (await gdal.ogr2ogr(dataset, [...dumpOptions, "-t_srs", "EPSG:4326", name], file)).real
  } catch {
    // Without a reference system of its own a layer is taken to be in degrees.
    return (await gdal.ogr2ogr(dataset, [...dumpOptions, "-a_srs", "EPSG:4326", name], `${file}_degrees`)).real
  }
}

const files: Array<LayerFile> = []
const filled = layers.filter(({ featureCount }) => featureCount > 0)
for (const [index, { name }] of (as === "csv" ? filled.slice(0, 1) : filled).entries()) {
  files.push({ name, path: await write(name, `layer${index}`) })
}
parentPort?.postMessage(files)
