/** Node's part of effect-carto: layers, HTTP, certificates, proxies, files and fast gzip. */
export * as NodeCarto from "./NodeCarto.ts"
export * as NodeCopy from "./NodeCopy.ts"
export * as NodeFile from "./NodeFile.ts"
export * as NodeGzip from "./NodeGzip.ts"
export * as NodeHttp from "./NodeHttp.ts"
export * as NodeProxy from "./NodeProxy.ts"
export * as NodeTls from "./NodeTls.ts"
export * as NodeVisualizationExport from "./NodeVisualizationExport.ts"
