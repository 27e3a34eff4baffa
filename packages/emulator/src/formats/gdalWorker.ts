/** A thread that converts one file with GDAL and ends: GDAL's memory only ever grows. */
import { basename } from "node:path"
import { parentPort, workerData } from "node:worker_threads"
import init from "gdal3.js/node.js"

/** What the thread is asked for. */
export interface GdalTask {
  readonly folder: string
  readonly input: string
  /** Without extension. */
  readonly output: string
  readonly options: ReadonlyArray<string>
}

/** What it made. */
export interface GdalFile {
  readonly name: string
  readonly bytes: Uint8Array
}

const { folder, input, options, output }: GdalTask = workerData
const complaints: Array<string> = []
const gdal = await init({
  path: folder,
  useWorker: false,
  logHandler: () => {},
  errorHandler: (message) => complaints.push(message)
})
const { datasets } = await gdal.open(input)
const [dataset] = datasets
if (dataset === undefined) throw new Error(complaints.join("\n"))
const { all } = await gdal.ogr2ogr(dataset, options, output)
const files: Array<GdalFile> = []
for (const file of all) files.push({ name: basename(file.local), bytes: await gdal.getFileBytes(file) })
parentPort?.postMessage(files)
