/** The part of gdal3.js that is used; its own types do not know its entry for Node. */
declare module "gdal3.js/node.js" {
  interface Dataset {
    readonly path: string
  }
  interface OutputFile {
    /** Where it stands in GDAL's own file system. */
    readonly local: string
    /** Where it stands on this machine, if `dest` was told. */
    readonly real: string
  }
  interface Gdal {
    readonly open: (path: string) => Promise<{ readonly datasets: ReadonlyArray<Dataset> }>
    readonly getInfo: (dataset: Dataset) => Promise<{
      readonly layers: ReadonlyArray<{ readonly name: string; readonly featureCount: number }>
    }>
    readonly ogr2ogr: (
      dataset: Dataset,
      options: ReadonlyArray<string>,
      outputName: string
    ) => Promise<OutputFile & { readonly all: ReadonlyArray<OutputFile> }>
    readonly getFileBytes: (file: OutputFile) => Promise<Uint8Array>
  }
  export default function init(options: {
    /** Of the folder with the WebAssembly module, relative to the working directory. */
    readonly path: string
    /** A folder of this machine for what is written; otherwise it stays in memory. */
    readonly dest?: string
    /** GDAL's own configuration. */
    readonly env?: Readonly<Record<string, string>>
    readonly useWorker: false
    readonly logHandler: (message: string) => void
    readonly errorHandler: (message: string) => void
  }): Promise<Gdal>
}
