/** The part of gdal3.js that is used; its own types do not know its entry for Node. */
declare module "gdal3.js/node.js" {
  interface Dataset {
    readonly path: string
  }
  interface OutputFile {
    /** Where it stands in GDAL's own file system. */
    readonly local: string
  }
  interface Gdal {
    readonly open: (path: string) => Promise<{ readonly datasets: ReadonlyArray<Dataset> }>
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
    readonly useWorker: false
    readonly logHandler: (message: string) => void
    readonly errorHandler: (message: string) => void
  }): Promise<Gdal>
}
